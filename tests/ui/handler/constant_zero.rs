// Limits that are constants without sense: the messages are those for literals.
use flow_core::handler;
use std::time::Duration;

const NO_TIME: Duration = Duration::ZERO;
const NONE: usize = 0;
const ONCE: u32 = 1;
const LONG: Duration = Duration::from_secs(10);

#[handler(timeout = NO_TIME, concurrency = NONE, retry(attempts = ONCE, backoff = self::NO_TIME))]
async fn a() {}

#[handler(timeout = Duration::from_secs(0))]
async fn b() {}

#[handler(timeout = LONG, retry(attempts = 2, backoff = LONG, max = "1s"))]
async fn c() {}

fn main() {}
