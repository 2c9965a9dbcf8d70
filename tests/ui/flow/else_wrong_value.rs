// What stands in for a stage returns another type.
use flow_core::{Result, flow, handler};

#[handler]
async fn work(n: u32) -> Result<u32> {
    Ok(n)
}

#[handler]
async fn text() -> String {
    String::new()
}

fn main() {
    let _ = flow! { start(u32) -> work else text -> ignore };
}
