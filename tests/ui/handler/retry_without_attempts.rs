// A `retry` with every argument except `attempts`.
use flow_core::handler;

#[handler(retry(backoff = "1s", max = "10s"))]
async fn fetch() -> flow_core::Result<()> {
    Ok(())
}

fn main() {}
