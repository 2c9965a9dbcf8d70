use flow_core::{Event, flow, handler};

#[derive(Event)]
struct Parsed(u32);

enum Reply {
    Number(u32),
    Parsed(Parsed),
}

#[handler]
async fn replies() -> Vec<Reply> {
    Vec::new()
}

#[handler]
async fn double(n: u32) -> u32 {
    2 * n
}

#[handler]
async fn sum(_all: Vec<u32>) {}

#[handler(on = Parsed)]
async fn print(Parsed(_): Parsed) {}

fn main() {
    flow! {
        start -> replies -> each (match {
            Reply::Number(n) => double,
            Reply::Parsed(parsed) => emit,
        }) -> sum;
        when Parsed -> print
    };
}
