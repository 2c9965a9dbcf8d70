use flow_core::{Event, flow, handler};

#[derive(Event)]
struct Ping(u32);

#[derive(Event)]
struct Pong(u32);

#[handler]
async fn begin() -> Ping {
    Ping(0)
}

#[handler(on = Ping)]
async fn back(Ping(n): Ping) -> Pong {
    Pong(n)
}

#[handler(on = Pong)]
async fn forth(Pong(n): Pong) -> [Ping; 1] {
    [Ping(n)]
}

fn main() {
    flow! {
        start -> begin -> emit;
        when Ping -> back -> emit;
        when Pong -> forth -> emit
    };
}
