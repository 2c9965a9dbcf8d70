// A stage that is a type but not a handler.
use flow_core::{flow, handler};

struct Double;

struct Wrapped(u32);

#[handler]
async fn count() -> u32 {
    3
}

#[handler]
async fn tell(_n: u32) {}

fn main() {
    let _ = flow! { start -> count -> Double -> tell };
    let _ = flow! { start -> count -> Wrapped -> end };
}
