// A branch of the last join returns a value that nothing takes.
use flow_core::{flow, handler};

#[handler]
async fn count() -> u32 {
    3
}

#[handler]
async fn tell() {}

fn main() {
    let _ = flow! { start -> (count, tell) };
}
