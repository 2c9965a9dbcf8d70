// A closure takes a reference, but a value arrives.
use flow_core::{flow, handler};

#[handler]
async fn list() -> Vec<u32> {
    Vec::new()
}

fn main() {
    let _ = flow! {
        start -> list -> each (|n: &u32| n + 1) -> ignore
    };
}
