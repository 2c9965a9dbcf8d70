// A stage of `each` that does not exist.
use flow_core::{flow, handler};

#[handler]
async fn split() -> Vec<u32> {
    Vec::new()
}

#[handler]
async fn double(n: u32) -> u32 {
    n * 2
}

#[handler]
async fn tell(_all: Vec<u32>) {}

fn main() {
    let _ = flow! { start -> split -> each duoble[8] -> tell };
}
