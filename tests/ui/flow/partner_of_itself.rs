// An event that is its own partner.
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
