// A period that is a variable, and one in parentheses.
use std::time::Duration;

use flow_core::{Tick, flow, handler};

#[handler]
async fn work(n: u32) -> u32 {
    n
}

#[handler]
async fn beat(_: Tick) {}

fn main() {
    let period = Duration::from_secs(1);
    let _ = flow! { start(u32) -> work -> end; every period -> beat };
    let _ = flow! { start(u32) -> work -> end; every("1s") -> beat };
}
