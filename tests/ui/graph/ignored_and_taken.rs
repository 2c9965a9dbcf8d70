// An ignored event that a clause takes.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Tick;

#[handler(emits = "Tick")]
async fn begin(cx: &Cx) {
    cx.emit(Tick);
}

#[handler(on = "Tick")]
async fn take() {}

fn main() {
    let _ = flow! {
        ignore Tick;
        start -> begin;
        when Tick -> take
    };
}
