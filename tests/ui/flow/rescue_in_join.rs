// A rescue of a handler in a join, whose other branch it would drop.
use flow_core::{Failed, Result, flow, handler};

#[handler]
async fn work(_n: u32) -> Result<()> {
    Ok(())
}

#[handler]
async fn log(_failed: Failed) {}

#[handler]
async fn tell(_n: u32) {}

fn main() {
    let _ = flow! {
        start(u32) -> (work, tell);
        rescue work -> log
    };
}
