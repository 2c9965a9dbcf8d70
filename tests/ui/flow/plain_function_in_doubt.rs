// A function without `#[handler]` whose other attribute could be one that adds it.
use flow_core::{flow, handler};

#[handler]
async fn list() -> Vec<u32> {
    vec![1, 2]
}

#[cfg(all())]
async fn fetch(page: u32) -> u32 {
    page
}

fn main() {
    let _ = flow! { start -> list -> each fetch -> ignore };
}
