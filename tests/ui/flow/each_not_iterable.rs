// `each` over something that is not a collection.
use flow_core::{flow, handler};

#[handler]
async fn count() -> u32 {
    3
}

#[handler]
async fn work(_n: u32) {}

fn main() {
    let _ = flow! { start -> count -> each work[8] -> ignore };
}
