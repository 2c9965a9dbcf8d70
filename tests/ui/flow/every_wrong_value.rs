// A tick is no number.
use flow_core::{flow, handler};

#[handler]
async fn begin() {}

#[handler]
async fn beat(_count: u64) {}

fn main() {
    let _ = flow! {
        start -> begin;
        every "1s" -> beat
    };
}
