// Statements and signs of Rust where a clause or an arrow stands.
use flow_core::{Cx, Event, State, flow, handler};

#[derive(Event)]
struct Order(u32);

#[handler(emits = Order)]
async fn begin(cx: &Cx) {
    cx.emit(Order(1));
}

#[handler]
async fn pay(_order: Order) {}

#[handler]
async fn number() -> u32 {
    1
}

#[handler]
async fn count(count: State<u32>) {
    count.with(|count| *count += 1);
}

const FIRST: u32 = 5;

fn main() {
    let _ = flow! { start -> number --> end };
    let _ = flow! { start --> number -> end };
    let _ = flow! { start -> begin; when Order --> pay };
    let _ = flow! { let limit = 5; start -> begin; when Order -> pay };
    let _ = flow! { start -> begin; loop { when Order -> pay } };
    let _ = flow! { start -> begin; while true { when Order -> pay } };
    let _ = flow! { start -> begin; for order in orders { pay } };
    let _ = flow! { start -> begin; if Order -> pay };
    let _ = flow! { start -> begin; match Order { _ => pay } };
    let _ = flow! { state u32 = 5; start -> count };
    let _ = flow! { state u32 = -5; start -> count };
    let _ = flow! { state u32 = u32::MAX + 1; start -> count };
    let _ = flow! { state u32 = FIRST; start -> count };
    let _ = flow! { state u32 = five(); start -> count };
}
