//! The rescue of `work` does not lead to the `end`.
use flow_core::{Failed, Result, flow, handler};

#[handler]
async fn work(n: u32) -> Result<u32> {
    n.checked_add(1).ok_or("too many".into())
}
#[handler]
async fn note(_: Failed) {}

fn main() {
    let _ = flow! { sound; start(u32) -> work -> end; rescue work -> note };
}
