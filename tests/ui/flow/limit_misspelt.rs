// B10: a limit that is misspelt.
use flow_core::{flow, handler};

#[handler]
async fn work() {}

fn main() {
    let _ = flow! {
        idletimeout "30s";
        start -> work
    };
}
