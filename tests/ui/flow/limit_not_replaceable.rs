// Limits that are set at run time, of handlers and flows that declare none.
use std::time::Duration;

use flow_core::{flow, handler};

#[handler]
async fn work() {}

#[handler(concurrency(4, shared))]
async fn fetch() {}

flow! {
    flow Inner;
    timeout "5s";
    start -> work
}

fn main() {
    let second = Duration::from_secs(1);
    let _ = flow! { start -> work }.timeout_of::<work>(second);
    let _ = flow! { start -> work }.attempts_of::<work>(2);
    let _ = flow! { start -> work }.backoff_of::<work>(second);
    let _ = flow! { start -> fetch }.concurrency_of::<fetch>(2);
    let _ = flow! { start -> Inner }.timeout_of::<Inner>(second);
    let _ = flow! { start -> work }.finally_within(second);
    let _ = flow! { start -> work }.concurrency(2);
}
