// A handler that may take longer than the flow that it is in.
use flow_core::{flow, handler};

#[handler(timeout = "30s", retry(attempts = 3))]
async fn fetch() {}

fn main() {
    let _ = flow! {
        timeout "60s";
        start -> fetch
    };
}
