// A rescue of all handlers, one of which is in an `each`, whose other items it would drop.
use flow_core::{Failed, Result, flow, handler};

#[handler]
async fn split() -> Vec<u32> {
    Vec::new()
}

#[handler]
async fn work(_n: u32) -> Result<()> {
    Ok(())
}

#[handler]
async fn log(_failed: Failed) {}

fn main() {
    let _ = flow! {
        start -> split -> each work[8];
        rescue -> log
    };
}
