// A rescue of a handler that is only in a rescue.
use flow_core::{Failed, Result, flow, handler};

#[handler]
async fn work(_n: u32) -> Result<()> {
    Ok(())
}

#[handler]
async fn log(_failed: Failed) -> Result<()> {
    Ok(())
}

#[handler]
async fn tell(_failed: Failed) {}

fn main() {
    let _ = flow! {
        start(u32) -> work;
        rescue work -> log;
        rescue log -> tell
    };
}
