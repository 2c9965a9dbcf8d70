// A closure that stands in names the cause that it takes: what arrives at the stage before it.
use flow_core::{BoxError, Failed, Result, flow, handler};

struct Page;

#[handler]
async fn fetch(page: String) -> Result<String> {
    Ok(page)
}

#[handler]
async fn load(_page: Page) -> Result<String> {
    Err("down".into())
}

fn main() {
    let _ = flow! { start(String) -> fetch else |failed: Failed<BoxError, u32>| failed.cause.to_string() -> end };
    let _ = flow! { start(Page) -> load else |failed: Failed<BoxError, Page>| failed.handler.to_owned() -> end };
}
