// An attempt that may take longer than nothing may happen in the flow.
use flow_core::{flow, handler};

#[handler(timeout = "30s", retry(attempts = 3))]
async fn fetch() {}

fn main() {
    let _ = flow! {
        timeout "5m";
        idle_timeout "10s";
        start -> fetch
    };
}
