// Arguments of `#[handler]` as they are written elsewhere.
use std::future::Future;

use flow_core::{Cx, Event, handler};

#[derive(Event)]
struct Begun(u32);

#[derive(Event)]
struct Done;

#[handler(on = Begun(1))]
async fn take(_: Begun) {}

#[handler(emits(Begun, Done))]
async fn begin(cx: &Cx) {
    cx.emit(Begun(1));
    cx.emit(Done);
}

#[handler(once = true)]
async fn once() {}

#[handler(effect = true)]
async fn charge() {}

#[handler(retries = 3)]
async fn fetch() -> flow_core::Result<()> {
    Ok(())
}

#[handler(on = [Begun { .. }, Done])]
async fn both() {}

#[handler]
fn later(n: u32) -> impl Future<Output = u32> {
    async move { n }
}

#[handler]
const LIMIT: u32 = 3;

fn main() {}
