// A12: a retry that does not say how often.
use flow_core::handler;

#[handler(retry)]
async fn fetch() -> flow_core::Result<()> {
    Ok(())
}

fn main() {}
