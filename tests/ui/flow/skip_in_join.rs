// A `skip` in a join.
use flow_core::{Result, flow, handler};

#[handler]
async fn split() -> Vec<u32> {
    Vec::new()
}

#[handler]
async fn work(n: u32) -> Result<u32> {
    Ok(n)
}

#[handler]
async fn gap() -> u32 {
    0
}

#[handler]
async fn sum((a, b): (u32, u32)) -> u32 {
    a + b
}

fn main() {
    let _ = flow! { start -> split -> each ((work else skip, work else gap) -> sum) -> ignore };
}
