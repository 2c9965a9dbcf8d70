// A limit of `each` that is a constant of zero.
use flow_core::{flow, handler};

const NONE: usize = 0;

mod config {
    pub const NONE: usize = 0;
}

#[handler]
async fn split() -> Vec<u32> {
    vec![1, 2, 3]
}

#[handler]
async fn work(_item: u32) {}

fn main() {
    let _ = flow! { start -> split -> each work[NONE] -> ignore };
    let _ = flow! { start -> split -> each work[config::NONE + NONE] -> ignore };
}
