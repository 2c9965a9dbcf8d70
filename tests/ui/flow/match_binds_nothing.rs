// An arm that binds nothing leads to a handler that takes the value.
use flow_core::{flow, handler};

#[handler]
async fn double(n: u32) -> u32 {
    2 * n
}

fn main() {
    let _ = flow! {
        start(u32) -> match { 0 => double, n => double } -> ignore
    };
}
