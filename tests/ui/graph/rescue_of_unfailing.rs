// A rescue of a handler that cannot fail.
use flow_core::{Failed, flow, handler};

#[handler]
async fn work() {}

#[handler]
async fn log(_failed: Failed) {}

fn main() {
    let _ = flow! {
        start -> work;
        rescue work -> log
    };
}
