// A rescue of a handler that does not exist.
use flow_core::{Failed, flow, handler};

#[handler]
async fn work() -> flow_core::Result<()> {
    Ok(())
}

#[handler]
async fn log(_failed: Failed) {}

fn main() {
    let _ = flow! {
        start -> work;
        rescue work -> lgo
    };
}
