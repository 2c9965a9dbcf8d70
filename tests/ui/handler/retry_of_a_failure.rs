// A retried handler that takes an error.
use flow_core::{Failed, Result, flow, handler};

#[handler]
async fn charge() -> Result<()> {
    Ok(())
}

#[handler(retry(attempts = 3))]
async fn refund(failed: Failed) -> Result<()> {
    Err(failed.error)
}

fn main() {
    let _ = flow! { start -> charge; rescue -> refund };
}
