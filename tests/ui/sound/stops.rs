//! `begin` may stop the flow before its `end`.
use flow_core::{Cx, flow, handler};

#[handler]
async fn begin(n: u32, cx: &Cx) -> u32 {
    if n == 0 {
        cx.stop();
    }
    n
}

fn main() {
    let _ = flow! { sound; start(u32) -> begin -> end };
}
