// An attempt may take longer than the `idle_timeout` of the flow.
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
