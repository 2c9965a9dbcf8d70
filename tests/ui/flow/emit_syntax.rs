use flow_core::{Event, flow, handler};

#[derive(Event)]
struct Parsed(u32);

#[handler]
async fn parse() -> Vec<Parsed> {
    Vec::new()
}

#[handler]
async fn fails() -> flow_core::Result<Parsed> {
    Ok(Parsed(1))
}

#[handler(on = Parsed)]
async fn print(Parsed(_): Parsed) {}

fn main() {
    flow! { start -> parse -> emit -> print };
    flow! { start -> fails -> emit else print };
    flow! { start -> fails else emit };
    flow! { start -> parse -> each emit };
    flow! { start -> parse -> each (emit)[8] };
}
