// Two clocks with one period that lead to the same handler.
use flow_core::{flow, handler};

#[handler]
async fn begin() {}

#[handler]
async fn beat() {}

fn main() {
    let _ = flow! {
        start -> begin;
        every "1s" -> beat;
        every "1000ms" -> beat
    };
}
