// A misspelt limit.
use flow_core::{flow, handler};

#[handler]
async fn work() {}

fn main() {
    let _ = flow! {
        idletimeout "30s";
        start -> work
    };
}
