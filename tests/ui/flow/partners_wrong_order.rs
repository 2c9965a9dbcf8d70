// The handler of `when A & B` takes the pair in the other order.
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
async fn meet(_both: (Right, Left)) {}

fn main() {
    let _ = flow! {
        start -> begin;
        when Left & Right -> meet
    };
}
