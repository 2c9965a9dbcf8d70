// The handler of `each` takes another type than that of the items.
use flow_core::{flow, handler};

#[handler]
async fn split() -> Vec<String> {
    Vec::new()
}

#[handler]
async fn work(n: u32) -> u32 {
    n
}

fn main() {
    let _ = flow! { start -> split -> each work[8] -> ignore };
}
