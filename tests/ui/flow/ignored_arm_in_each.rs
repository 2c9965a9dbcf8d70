// In `each`, one arm is ignored and another yields a value.
use flow_core::{flow, handler};

#[handler]
async fn find(n: u32) -> Option<u32> {
    n.checked_sub(1)
}

#[handler]
async fn name(n: u32) -> String {
    n.to_string()
}

#[handler]
async fn tell(_all: Vec<String>) {}

fn main() {
    let _ = flow! {
        start(Vec<u32>) -> each (find -> match { None => ignore, Some(n) => name }) -> tell
    };
}
