// B3: an event that waits for another of its kind.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Left;

#[handler(emits = "Left")]
async fn begin(cx: &Cx) {
    cx.emit(Left);
}

#[handler]
async fn meet(_both: (Left, Left)) {}

fn main() {
    let _ = flow! {
        start -> begin;
        when Left & Left -> meet
    };
}
