// Loops that wait, and go on after the `end`: the execution never ends.
use std::time::Duration;

use flow_core::{Cx, Event, flow, handler};
use tokio::time::sleep;

#[derive(Clone, Event)]
struct Begun;

#[derive(Event)]
struct Checked;

#[handler(emits = Begun)]
async fn work(cx: &Cx) -> u32 {
    cx.emit(Begun);
    42
}

#[handler(on = Begun, emits = Begun)]
async fn heartbeat(cx: &Cx) {
    sleep(Duration::from_secs(1)).await;
    cx.put("still at work").await;
    cx.emit(Begun);
}

#[handler(on = Begun, emits = Checked)]
async fn check(cx: &Cx) {
    sleep(Duration::from_secs(5)).await;
    cx.emit(Checked);
}

#[handler(on = Checked, emits = Begun)]
async fn check_again(cx: &Cx) {
    cx.emit(Begun);
}

fn main() {
    let _ = flow! {
        start -> work -> end;
        when Begun -> heartbeat
    };
    let _ = flow! {
        start -> work -> end;
        when Begun -> check;
        when Checked -> check_again
    };
}
