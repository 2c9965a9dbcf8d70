// Limits that are known only at run time.
use flow_core::{flow, handler};
use std::time::Duration;

#[handler]
async fn work() {}

fn main() {
    let after = Duration::from_secs(std::process::id().into());
    let _ = flow! { timeout after; start -> work };
}
