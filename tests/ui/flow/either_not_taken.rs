// A clause for either of two events, whose handler is `on` one of them.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Left;

#[derive(Event)]
struct Right;

#[handler(emits = ["Left", "Right"])]
async fn begin(cx: &Cx) {
    cx.emit(Left);
    cx.emit(Right);
}

#[handler(on = "Left")]
async fn take() {}

fn main() {
    let _ = flow! {
        start -> begin;
        when Left | Right -> take
    };
}
