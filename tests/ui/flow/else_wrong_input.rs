// What stands in for a stage takes what arrived there, without `Failed`.
use flow_core::{Result, flow, handler};

#[handler]
async fn work(n: u32) -> Result<u32> {
    Ok(n)
}

#[handler]
async fn double(n: u32) -> u32 {
    2 * n
}

fn main() {
    let _ = flow! { start(u32) -> work else double -> ignore };
}
