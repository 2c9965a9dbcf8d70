// A handler may take longer than the `timeout` of its flow.
use flow_core::{flow, handler};

#[handler(timeout = "30s", retry(attempts = 3))]
async fn fetch() {}

#[handler(timeout = "1m 30s")]
async fn fetch_once() {}

#[handler(timeout = "250ms", retry(attempts = 3))]
async fn fetch_fast() {}

fn main() {
    let _ = flow! {
        timeout "60s";
        start -> fetch
    };
    let _ = flow! {
        timeout "1m";
        start -> fetch_once
    };
    let _ = flow! {
        timeout "500ms";
        idle_timeout "1s";
        start -> fetch_fast
    };
}
