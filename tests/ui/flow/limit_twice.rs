// Each limit of a flow is declared twice.
use flow_core::{flow, handler};

#[handler]
async fn work() {}

fn main() {
    let _ = flow! {
        timeout "5m";
        timeout "10m";
        max_events 10;
        max_events 10;
        concurrency 8;
        concurrency 8;
        start -> work
    };
}
