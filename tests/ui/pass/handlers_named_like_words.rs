//! Handlers whose names are near to words of a route.
use flow_core::{flow, handler};

#[handler]
async fn send() -> u32 {
    1
}

#[handler]
async fn ende(_: u32) {}

#[handler]
async fn every() {}

#[handler]
async fn concurrency() {}

fn main() {
    let _ = flow! { start -> send -> ende };
    let _ = flow! { start -> every -> every };
    let _ = flow! { concurrency 2; start -> concurrency -> (concurrency, concurrency) -> ignore };
}
