// A rescue of all handlers, where the only one that can fail has an `else`.
use flow_core::{Failed, Result, flow, handler};

#[handler]
async fn work(_n: u32) -> Result<()> {
    Ok(())
}

#[handler]
async fn log(_failed: Failed) {}

fn main() {
    let _ = flow! {
        start(u32) -> work else log;
        rescue -> log
    };
}
