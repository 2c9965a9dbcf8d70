// Unknown arguments of `retry`.
use flow_core::handler;

#[handler(retry(attemps = 3, delay = "1s"))]
async fn fetch() -> flow_core::Result<()> {
    Ok(())
}

fn main() {}
