// Limits that are constants of another type.
use flow_core::handler;

const SECONDS: u64 = 30;
const TEXT: &str = "30s";
const CALLS: u32 = 4;

#[handler(timeout = SECONDS)]
async fn a() {}

#[handler(
    timeout = TEXT,
    retry(attempts = SECONDS, backoff = TEXT, jitter = CALLS),
    concurrency = CALLS
)]
async fn b() {}

fn main() {}
