// A handler that always emits the event that triggers it, without waiting.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Tick(u64);

#[handler(emits = "Tick")]
async fn begin(cx: &Cx) {
    cx.put("off we go").await;
    cx.emit(Tick(0));
}

#[handler(on = "Tick", emits = "Tick")]
async fn again(Tick(n): Tick, cx: &Cx) {
    println!("tick {n}");
    cx.emit(Tick(n + 1));
}

fn main() {
    let _ = flow! {
        start -> begin;
        when Tick -> again
    };
}
