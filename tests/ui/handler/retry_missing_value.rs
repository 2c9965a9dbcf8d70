// Arguments of `retry` without a value, or with a wrong one.
use flow_core::handler;

#[handler(retry(attempts, backoff = 1, jitter = "no", if = |_| true))]
async fn fetch() -> flow_core::Result<()> {
    Ok(())
}

fn main() {}
