// A rescue would take over while the other branch may still succeed.
use flow_core::{Result, flow, handler};

#[handler]
async fn fetch(n: u32) -> Result<u32> {
    Ok(n)
}

#[handler]
async fn guess(n: u32) -> Result<u32> {
    Ok(n)
}

#[handler]
async fn show(_: u32) {}

#[handler]
async fn log() {}

fn main() {
    let _ = flow! {
        start(u32) -> first (fetch, guess) -> show;
        rescue fetch -> log
    };
}
