//! Loops that come to rest after the `end`, or are ended.
use std::time::Duration;

use flow_core::{Cx, Event, Result, flow, handler};

#[derive(Event)]
struct Order(u32);
#[derive(Event)]
struct Poll;

#[handler(emits = [Order, Poll])]
async fn begin(n: u32, cx: &Cx) {
    cx.emit(Order(n));
    cx.emit(Poll);
}
#[handler]
async fn ship(Order(n): Order) -> u32 {
    n
}
#[handler(emits = Poll)]
async fn poll(cx: &Cx) {
    tokio::time::sleep(Duration::from_secs(1)).await;
    cx.emit(Poll);
}
#[handler(emits = Poll)]
async fn poll_until_the_end(cx: &Cx) {
    let second = Duration::from_secs(1);
    if tokio::time::timeout(second, cx.ending()).await.is_err() {
        cx.emit(Poll);
    }
}
#[handler(emits = Poll)]
async fn poll_or_fail(cx: &Cx) -> Result<()> {
    let number: u64 = "1".parse()?;
    tokio::time::sleep(Duration::from_secs(number)).await;
    cx.emit(Poll);
    Ok(())
}

fn main() {
    let _ = flow! { sound; start(u32) -> begin; when Order -> ship -> end now; when Poll -> poll };
    let _ = flow! { sound; start(u32) -> begin; when Order -> ship -> end; when Poll -> poll_until_the_end };
    let _ = flow! { sound; start(u32) -> begin; when Order -> ship -> end; when Poll -> poll_or_fail };
    let _ = flow! { sound; drain within "10s"; start(u32) -> begin; when Order -> ship -> end; when Poll -> poll };
    let _ = flow! { sound; timeout "10s"; start(u32) -> begin; when Order -> ship -> end; when Poll -> poll };
}
