// The same event twice in one `when A | B`.
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

#[handler(on = ["Left", "Right"])]
async fn take() {}

fn main() {
    let _ = flow! {
        start -> begin;
        when Left | Right | Left -> take
    };
}
