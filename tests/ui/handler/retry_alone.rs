// A `retry` without arguments.
use flow_core::handler;

#[handler(retry)]
async fn fetch() -> flow_core::Result<()> {
    Ok(())
}

fn main() {}
