// The last stage returns a value for each item, and nothing takes them.
use flow_core::{flow, handler};

#[handler]
async fn split() -> Vec<u32> {
    Vec::new()
}

#[handler]
async fn work(n: u32) -> u32 {
    n
}

fn main() {
    let _ = flow! { start -> split -> each work };
}
