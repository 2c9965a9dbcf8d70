// A shared `concurrency` of zero, and two of them.
use flow_core::handler;

const NONE: usize = 0;

#[handler(concurrency(0, shared))]
async fn zero() {}

#[handler(concurrency(NONE, shared))]
async fn constant_zero() {}

#[handler(concurrency = 4, concurrency(8, shared))]
async fn twice() {}

fn main() {}
