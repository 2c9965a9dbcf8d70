//! A handler named `emits`, which is no slip for `emit`, and values that go through handlers named like
//! words that stand behind others.
use flow_core::{flow, handler};

#[handler]
async fn now(n: u32) -> u32 {
    n
}

#[handler]
async fn within(n: u32) -> u32 {
    n
}

#[handler]
async fn emits(_: u32) {}

fn main() {
    let _ = flow! { start(u32) -> within -> now -> emits };
    let _ = flow! { start(u32) -> (within, now) -> |(n, _)| n -> within -> end };
    let _ = flow! { start(u32) -> emits; sound };
}
