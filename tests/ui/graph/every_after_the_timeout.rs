// The flow is over before the first tick.
use flow_core::{flow, handler};

#[handler]
async fn begin() {}

#[handler]
async fn beat() {}

fn main() {
    let _ = flow! {
        timeout "5m";
        start -> begin;
        every "10m" -> beat;
        every "4m" -> begin
    };
}
