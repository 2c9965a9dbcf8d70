// A limit of `each` that is zero.
use flow_core::{flow, handler};

#[handler]
async fn split() -> Vec<u32> {
    Vec::new()
}

#[handler]
async fn work(_n: u32) {}

fn main() {
    let _ = flow! { start -> split -> each work[0] -> ignore };
}
