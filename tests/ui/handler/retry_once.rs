// Numbers of `attempts` that retry nothing.
use flow_core::handler;

#[handler(retry(attempts = 1))]
async fn fetch() -> flow_core::Result<()> {
    Ok(())
}

fn main() {}
