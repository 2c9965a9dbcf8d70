use flow_core::{Event, flow, handler};

#[derive(Event)]
struct Parsed(u32);

enum Reply {
    Parsed(Parsed),
}

#[handler]
async fn reply() -> Reply {
    Reply::Parsed(Parsed(0))
}

#[handler(on = Parsed)]
async fn print(Parsed(_): Parsed) {}

fn main() {
    flow! {
        start -> reply -> match { Reply::Parsed(ref parsed) => emit };
        when Parsed -> print;
        external Parsed
    };
}
