// A handler may take longer than the `timeout` of its flow.
use flow_core::{flow, handler};

#[handler(timeout = "30s", retry(attempts = 3))]
async fn fetch() {}

fn main() {
    let _ = flow! {
        timeout "60s";
        start -> fetch
    };
}
