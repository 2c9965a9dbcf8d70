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

#[handler]
async fn now(n: u32) -> u32 {
    n
}

#[handler]
async fn within(n: u32) -> u32 {
    n
}

#[handler]
async fn emits(_: u32) {}

fn main() {
    let _ = flow! { start(u32) -> within -> now -> emits };
    let _ = flow! { start(u32) -> (within, now) -> |(n, _)| n -> within -> end };
    let _ = flow! { start(u32) -> emits; sound };
    let _ = flow! { start -> send -> ende };
    let _ = flow! { start -> every -> every };
    let _ = flow! { concurrency 2; start -> concurrency -> (concurrency, concurrency) -> ignore };
}
