// Each branch takes a clone.
use flow_core::{flow, handler};

struct Order;

#[handler]
async fn fetch(_: Order) -> u32 {
    1
}

#[handler]
async fn guess(_: Order) -> u32 {
    2
}

#[handler]
async fn show(_: u32) {}

fn main() {
    let _ = flow! { start(Order) -> first (fetch, guess) -> show };
}
