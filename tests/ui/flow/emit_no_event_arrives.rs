use flow_core::{Event, flow, handler};

#[derive(Event)]
struct Parsed(u32);

enum Reply {
    Number(u32),
    Parsed(Parsed),
}

#[handler]
async fn reply() -> Reply {
    Reply::Number(0)
}

#[handler(on = Parsed)]
async fn print(Parsed(_): Parsed) {}

fn main() {
    flow! {
        start(u32) -> emit;
        when Parsed -> print;
        external Parsed
    };
    flow! {
        start -> reply -> match {
            Reply::Number(n) => emit,
            Reply::Parsed(parsed) => emit,
        };
        when Parsed -> print
    };
}
