// What stands in for a stage does not exist.
use flow_core::{Result, flow, handler};

#[handler]
async fn work(n: u32) -> Result<u32> {
    Ok(n)
}

fn main() {
    let _ = flow! { start(u32) -> work else gab -> ignore };
}
