// A1: a stage that is a type and no handler.
use flow_core::{flow, handler};

struct Double;

#[handler]
async fn count() -> u32 {
    3
}

#[handler]
async fn tell(_n: u32) {}

fn main() {
    let _ = flow! { start -> count -> Double -> tell };
}
