// What a first `each` cannot iterate over is reported once, whatever follows it.
use flow_core::{flow, handler};

#[handler]
async fn count() -> u32 {
    3
}

#[handler]
async fn double(n: u32) -> u32 {
    2 * n
}

fn main() {
    let _ = flow! { start -> count -> each double[8] -> each double -> end };
    let _ = flow! { start -> count -> |n| n + 1 -> each double[8] -> each double -> end };
    let _ = flow! { start -> count -> each (double, double)[8] -> end };
}
