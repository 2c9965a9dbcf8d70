// What stands in for a stage takes another error.
use flow_core::{Failed, Result, flow, handler};

#[handler]
async fn work(n: u32) -> Result<u32> {
    Ok(n)
}

#[handler]
async fn zero(_failed: Failed<std::fmt::Error>) -> u32 {
    0
}

fn main() {
    let _ = flow! { start(u32) -> work else zero -> ignore };
}
