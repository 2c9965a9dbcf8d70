// A12: attempts that are no retry.
use flow_core::handler;

#[handler(retry(attempts = 1))]
async fn fetch() -> flow_core::Result<()> {
    Ok(())
}

fn main() {}
