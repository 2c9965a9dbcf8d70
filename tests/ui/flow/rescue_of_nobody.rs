// A rescue of a handler that is not in the flow.
use flow_core::{Failed, flow, handler};

#[handler]
async fn work() {}

#[handler]
async fn other() -> flow_core::Result<()> {
    Ok(())
}

#[handler]
async fn log(_failed: Failed) {}

fn main() {
    let _ = flow! {
        start -> work;
        rescue other -> log
    };
}
