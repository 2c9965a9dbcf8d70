// An `else` behind an `each`, instead of in it.
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

fn main() {
    let _ = flow! { start -> split -> each work[8] else gap -> ignore };
}
