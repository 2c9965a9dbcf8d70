// One of two partners is never emitted.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Left;

#[derive(Event)]
struct Right;

#[handler(emits = "Left")]
async fn begin(cx: &Cx) {
    cx.emit(Left);
}

#[handler]
async fn meet(_both: (Left, Right)) {}

fn main() {
    let _ = flow! {
        start -> begin;
        when Left & Right -> meet
    };
}
