// A12: a retry that does not say how often, but all else.
use flow_core::handler;

#[handler(retry(backoff = "1s", max = "10s"))]
async fn fetch() -> flow_core::Result<()> {
    Ok(())
}

fn main() {}
