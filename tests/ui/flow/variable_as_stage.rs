// Variables as stages: a closure, and a flow.
use flow_core::{flow, handler};

#[handler]
async fn count(n: u32) -> u32 {
    n
}

fn main() {
    let double = |n: u32| n * 2;
    let _ = flow! { start(u32) -> double -> count -> end };
    let inner = flow! { start(u32) -> count -> end };
    let _ = flow! { start(u32) -> (inner, count) -> ignore };
    let _ = (double(1), inner);
}
