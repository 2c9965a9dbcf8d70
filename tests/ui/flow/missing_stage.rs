// A stage in the middle of a chain that does not exist.
use flow_core::{flow, handler};

#[handler]
async fn count() -> u32 {
    3
}

#[handler]
async fn double(n: u32) -> u32 {
    n * 2
}

#[handler]
async fn tell(_n: u32) {}

fn main() {
    let _ = flow! { start -> count -> duoble -> tell };
}
