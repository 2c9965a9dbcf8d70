// Retried handlers that take an error.
use flow_core::{Failed, Result, flow, handler};

#[handler]
async fn charge() -> Result<()> {
    Ok(())
}

#[handler(retry(attempts = 3))]
async fn refund(failed: Failed) -> Result<()> {
    Err(failed.error)
}

type Declined = Failed;

#[handler(retry(attempts = 3))]
async fn refund_by_another_name(failed: Declined) -> Result<()> {
    Err(failed.error)
}

fn main() {
    let _ = flow! { start -> charge; rescue -> refund };
    let _ = flow! { start -> charge; rescue -> refund_by_another_name };
}
