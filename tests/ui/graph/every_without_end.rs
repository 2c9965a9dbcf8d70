// A flow with an output that ticks for ever.
use flow_core::{flow, handler};

#[handler]
async fn begin() {}

#[handler]
async fn beat() {}

fn main() {
    let _ = flow! {
        flow -> u32;
        start -> begin;
        every "1s" -> beat
    };
}
