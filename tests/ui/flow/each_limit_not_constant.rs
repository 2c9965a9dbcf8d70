// A limit of `each` that is not known at compile time.
use flow_core::{flow, handler};

#[handler]
async fn split() -> Vec<u32> {
    Vec::new()
}

#[handler]
async fn work(_n: u32) {}

fn main() {
    let limit = 8;
    let _ = limit;
    let _ = flow! { start -> split -> each work[limit] -> ignore };
}
