// A12: parts of a retry that are no value, or none of theirs.
use flow_core::handler;

#[handler(retry(attempts, backoff = 1, jitter = "no", if = |_| true))]
async fn fetch() -> flow_core::Result<()> {
    Ok(())
}

fn main() {}
