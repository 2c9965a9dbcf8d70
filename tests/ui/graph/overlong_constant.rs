// Limits that are constants and do not add up.
use flow_core::{flow, handler};
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
const ATTEMPTS: u32 = 3;

#[handler(timeout = MINUTE, retry(attempts = ATTEMPTS))]
async fn fetch() {}

fn main() {
    let _ = flow! {
        timeout Duration::from_secs(90);
        start -> fetch
    };
}
