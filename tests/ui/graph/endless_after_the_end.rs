// The execution never ends, because the loop goes on after the `end`.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Tick;

#[handler(emits = Tick)]
async fn work(cx: &Cx) -> u32 {
    cx.emit(Tick);
    42
}

#[handler(on = Tick, emits = Tick)]
async fn again(_tick: Tick, cx: &Cx) {
    cx.emit(Tick);
}

fn main() {
    let _ = flow! {
        start -> work -> end;
        when Tick -> again
    };
}
