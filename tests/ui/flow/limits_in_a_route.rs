// Limits of handlers and of `each`, behind other stages.
use flow_core::{flow, handler};

#[handler]
async fn fetch(n: u32) -> u32 {
    n
}

fn main() {
    let _ = flow! { start(u32) -> first (fetch, fetch) within "5s" -> end };
    let _ = flow! { start(u32) -> fetch -> within "5s" -> end };
    let _ = flow! { start(u32) -> fetch[2] -> end };
}
