// A branch has no item that it could leave out.
use flow_core::{Result, flow, handler};

#[handler]
async fn all() -> Vec<u32> {
    Vec::new()
}

#[handler]
async fn fetch(n: u32) -> Result<u32> {
    Ok(n)
}

fn main() {
    let _ = flow! { start -> all -> each (first (fetch else skip, fetch))[2] -> ignore };
}
