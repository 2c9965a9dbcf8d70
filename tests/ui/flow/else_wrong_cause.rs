// What stands in for a stage takes another cause.
use flow_core::{BoxError, Failed, Result, flow, handler};

#[handler]
async fn work(n: u32) -> Result<u32> {
    Ok(n)
}

#[handler]
async fn zero(_failed: Failed<BoxError, String>) -> u32 {
    0
}

fn main() {
    let _ = flow! { start(u32) -> work else zero -> ignore };
}
