// The stage after an `each` takes one value instead of all of them.
use flow_core::{flow, handler};

#[handler]
async fn split() -> Vec<u32> {
    Vec::new()
}

#[handler]
async fn work(n: u32) -> u32 {
    n
}

#[handler]
async fn tell(_n: u32) {}

fn main() {
    let _ = flow! { start -> split -> each work[8] -> tell };
}
