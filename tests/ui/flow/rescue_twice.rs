// A handler with two rescues.
use flow_core::{Failed, flow, handler};

#[handler]
async fn work() -> flow_core::Result<()> {
    Ok(())
}

#[handler]
async fn log(_failed: Failed) {}

#[handler]
async fn tell(_failed: Failed) {}

fn main() {
    let _ = flow! {
        start -> work;
        rescue work -> log;
        rescue work -> tell
    };
}
