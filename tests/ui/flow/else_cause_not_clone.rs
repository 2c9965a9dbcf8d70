// What stands in for a stage takes a cause that cannot be cloned.
use flow_core::{BoxError, Failed, Result, flow, handler};

struct Page;

#[handler]
async fn work(_page: Page) -> Result<u32> {
    Ok(3)
}

#[handler]
async fn zero(_failed: Failed<BoxError, Page>) -> u32 {
    0
}

fn main() {
    let _ = flow! { start(Page) -> work else zero -> ignore };
}
