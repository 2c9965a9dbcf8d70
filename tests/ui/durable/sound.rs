//! What a failed call of a durable flow has emitted is undone, so that nothing leads on from it.
use flow_core::{Cx, Event, Failed, Result, flow, handler};
use serde::{Deserialize, Serialize};

#[derive(Clone, Event, Serialize, Deserialize)]
struct Passed(u32);

#[handler(emits = Passed)]
async fn check(n: u32, cx: &Cx) -> Result<()> {
    cx.emit(Passed(n));
    let _: u32 = "3".parse()?;
    Ok(())
}
#[handler]
async fn done(Passed(n): Passed) -> u32 {
    n
}
#[handler]
async fn note(_failed: Failed) {}

fn main() {
    let _ = flow! { sound; durable; start(u32) -> check; when Passed -> done -> end; rescue check -> note };
}
