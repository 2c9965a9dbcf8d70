// A period is a duration with a unit.
use flow_core::{flow, handler};

#[handler]
async fn begin() {}

#[handler]
async fn beat() {}

fn main() {
    let _ = flow! {
        start -> begin;
        every;
        every -> beat;
        every "0s" -> beat;
        every "1" -> beat;
        every 1 -> beat;
        every "1 month" -> beat;
        every "1s";
        every "1s" beat;
        evry "1s" -> beat
    };
}
