// A state, an external event and an ignored one, each declared twice.
use flow_core::{Cx, Event, State, flow, handler};

#[derive(Event)]
struct Tick;

#[derive(Event)]
struct Tock;

#[handler(emits = "Tock")]
async fn begin(_n: State<u32>, cx: &Cx) {
    cx.emit(Tock);
}

#[handler(on = "Tick")]
async fn take() {}

fn main() {
    let _ = flow! {
        state u32;
        state u32 = |_| 3;
        external Tick;
        external Tick;
        ignore Tock;
        ignore Tock;
        start -> begin;
        when Tick -> take
    };
}
