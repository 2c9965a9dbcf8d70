// `ItemsOf` with a collection, which needs no `ItemsOf`, and with a number.
use flow_core::{ItemsOf, flow, handler};

#[handler]
async fn list() -> ItemsOf<Vec<u32>> {
    ItemsOf(vec![1])
}

#[handler]
async fn count() -> ItemsOf<u32> {
    ItemsOf(1)
}

#[handler]
async fn work(_n: u32) {}

fn main() {
    let _ = flow! { start -> list -> each work[8] };
    let _ = flow! { start -> count -> each work[8] -> ignore };
}
