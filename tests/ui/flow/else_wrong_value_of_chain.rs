// A chain that stands in for a stage returns another type.
use flow_core::{Result, flow, handler};

#[handler]
async fn split() -> Vec<u32> {
    Vec::new()
}

#[handler]
async fn work(n: u32) -> Result<u32> {
    Ok(n)
}

#[handler]
async fn gap() -> u32 {
    0
}

#[handler]
async fn text(_zero: u32) -> String {
    String::new()
}

fn main() {
    let _ = flow! { start -> split -> each (work else (gap -> text)) -> ignore };
}
