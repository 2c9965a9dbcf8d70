// Limits that are zero.
use flow_core::{flow, handler};

#[handler]
async fn work() {}

fn main() {
    let _ = flow! {
        idle_timeout "0s";
        max_events 0;
        max_pending 0;
        concurrency 0;
        start -> work
    };
}
