// A limit that is no constant.
use flow_core::handler;

#[handler(timeout = TIMEOUT, concurrency = many)]
async fn a() {}

#[handler(retry(attempts = ATTEMPTS))]
async fn b() -> flow_core::Result<()> {
    Ok(())
}

fn main() {}
