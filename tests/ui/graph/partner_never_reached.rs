// A partner is emitted only by what the pair itself triggers.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Left;

#[derive(Event)]
struct Right;

#[handler(emits = "Left")]
async fn begin(cx: &Cx) {
    cx.emit(Left);
}

#[handler(emits = "Right")]
async fn meet(_both: (Left, Right), cx: &Cx) {
    cx.emit(Right);
}

fn main() {
    let _ = flow! {
        start -> begin;
        when Left & Right -> meet
    };
}
