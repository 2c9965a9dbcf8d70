use flow_core::{Event, flow, handler};

#[derive(Event)]
struct Parsed(u32);

#[handler]
async fn parse(text: String) -> String {
    text
}

#[handler]
async fn perhaps(text: String) -> Option<u32> {
    text.parse().ok()
}

#[handler]
async fn nothing() {}

#[handler(on = Parsed)]
async fn print(Parsed(_): Parsed) {}

fn main() {
    flow! {
        start(String) -> parse -> emit;
        when Parsed -> print;
        external Parsed
    };
    flow! {
        start(String) -> perhaps -> emit;
        when Parsed -> print;
        external Parsed
    };
    flow! {
        start -> nothing -> emit;
        when Parsed -> print;
        external Parsed
    };
}
