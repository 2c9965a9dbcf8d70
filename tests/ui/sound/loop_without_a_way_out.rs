//! `Again` may never come to the `end`, because it leads only to itself.
use std::time::Duration;

use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Passed;
#[derive(Event)]
struct Again;

#[handler(emits = [Passed, Again])]
async fn begin(n: u32, cx: &Cx) {
    if n > 3 { cx.emit(Passed) } else { cx.emit(Again) }
}
#[handler(emits = Again)]
async fn again(cx: &Cx) {
    tokio::time::sleep(Duration::from_secs(1)).await;
    cx.emit(Again);
}
#[handler]
async fn done(_: Passed) -> u32 {
    1
}

fn main() {
    let _ = flow! { sound; start(u32) -> begin; when Again -> again; when Passed -> done -> end };
}
