// Repeated arguments of `retry`.
use flow_core::handler;

#[handler(retry(attempts = 3, attempts = 4), timeout = "1s", timeout = "2s")]
async fn fetch() -> flow_core::Result<()> {
    Ok(())
}

fn main() {}
