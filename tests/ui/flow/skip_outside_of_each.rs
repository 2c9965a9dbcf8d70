// A `skip` in no `each`.
use flow_core::{Result, flow, handler};

#[handler]
async fn work(n: u32) -> Result<u32> {
    Ok(n)
}

fn main() {
    let _ = flow! { start(u32) -> work else skip -> ignore };
}
