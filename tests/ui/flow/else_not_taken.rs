// No stage takes the value of a stage with an `else`.
use flow_core::{Result, flow, handler};

#[handler]
async fn work(n: u32) -> Result<u32> {
    Ok(n)
}

#[handler]
async fn gap() -> u32 {
    0
}

fn main() {
    let _ = flow! { start(u32) -> work else gap };
}
