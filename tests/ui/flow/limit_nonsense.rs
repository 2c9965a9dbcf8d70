// Limits that are not durations.
use flow_core::{flow, handler};

#[handler]
async fn work() {}

fn main() {
    let _ = flow! {
        timeout "soon";
        idle_timeout 30;
        start -> work
    };
}
