// One of two partners does not exist.
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

#[handler]
async fn meet() {}

fn main() {
    let _ = flow! {
        start -> begin;
        when Left & Rihgt -> meet
    };
}
