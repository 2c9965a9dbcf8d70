// `drain within` in flows without an `end`.
use flow_core::{flow, handler};

#[handler]
async fn greet() {}

flow! {
    flow Greeting;
    drain within "10s";
    start -> greet
}

fn main() {
    let _ = flow! {
        drain within "10s";
        start -> greet
    };
}
