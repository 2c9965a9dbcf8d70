// A missing `;` is not a misspelt word: `beach` is a handler.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct A;

#[handler(emits = A)]
async fn beach(cx: &Cx) {
    cx.emit(A);
}

#[handler]
async fn work() {}

fn main() {
    let _ = flow! { start -> beach when A -> work };
}
