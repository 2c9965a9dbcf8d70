// A constructor as a stand-in.
use flow_core::{Result, flow, handler};

#[handler]
async fn find(n: u32) -> Result<Option<u32>> {
    Ok(Some(n))
}

fn main() {
    let _ = flow! { start(u32) -> find else Some -> ignore };
}
