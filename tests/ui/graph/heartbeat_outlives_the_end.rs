//! A handler that never returns keeps the execution from being over after its `end`.
use std::time::Duration;

use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Begun;

#[handler(emits = Begun)]
async fn work(n: u32, cx: &Cx) -> u32 {
    cx.emit(Begun);
    n
}

#[handler(on = Begun)]
async fn beat(cx: &Cx) {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        cx.put("still at work".to_owned()).await;
    }
}

fn main() {
    let _ = flow! { start(u32) -> work -> end; when Begun -> beat };
}
