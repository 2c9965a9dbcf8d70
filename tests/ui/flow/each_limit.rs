// Limits of `each` that are not a number in brackets.
use flow_core::{flow, handler};

#[handler]
async fn split() -> Vec<u32> {
    Vec::new()
}

#[handler]
async fn work(_n: u32) {}

fn main() {
    let _ = flow! { start -> split -> each work[] -> ignore };
    let _ = flow! { start -> split -> each work[1, 2] -> ignore };
}
