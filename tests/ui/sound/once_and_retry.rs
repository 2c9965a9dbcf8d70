//! `once` with a `retry`, and twice.
use flow_core::{Result, handler};

#[handler(once, retry(attempts = 3))]
async fn book(n: u32) -> Result<u32> {
    n.checked_add(1).ok_or("too many".into())
}
#[handler(once, once)]
async fn pay(_: u32) {}
#[handler(once = true)]
async fn ship(_: u32) {}

fn main() {}
