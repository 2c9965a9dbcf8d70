// Limits without a value.
use flow_core::{flow, handler};

#[handler]
async fn work() {}

fn main() {
    let _ = flow! {
        timeout;
        max_events "many";
        concurrency;
        concurrency = 8;
        start -> work
    };
}
