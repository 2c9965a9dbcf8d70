// A12: a longest wait that is shorter than the first.
use flow_core::handler;

#[handler(retry(attempts = 3, backoff = "10s", max = "1s"))]
async fn fetch() -> flow_core::Result<()> {
    Ok(())
}

fn main() {}
