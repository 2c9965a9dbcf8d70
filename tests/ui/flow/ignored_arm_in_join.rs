// In a join, one arm of a branch is ignored and another yields a value.
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
async fn tell(_both: (String, u32)) {}

#[handler]
async fn double(n: u32) -> u32 {
    2 * n
}

fn main() {
    let _ = flow! {
        start(u32) -> (find -> match { Some(n) => name, None => ignore }, double) -> tell
    };
}
