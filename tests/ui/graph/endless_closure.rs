// A loop through a closure that never ends: it only passes the value on.
use flow_core::{Cx, Event, flow, handler};

#[derive(Clone, Event)]
struct Tick(u64);

#[handler(emits = Tick)]
async fn begin(cx: &Cx) {
    cx.emit(Tick(0));
}

#[handler]
async fn number(Tick(n): Tick) -> u64 {
    n
}

#[handler(emits = Tick)]
async fn next(n: u64, cx: &Cx) {
    cx.emit(Tick(n));
}

fn main() {
    let _ = flow! { start -> begin; when Tick -> number -> |n: u64| n -> next };
}
