// A `max` that is shorter than the `backoff`.
use flow_core::handler;

#[handler(retry(attempts = 3, backoff = "10s", max = "1s"))]
async fn fetch() -> flow_core::Result<()> {
    Ok(())
}

fn main() {}
