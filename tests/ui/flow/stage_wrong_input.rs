// A flow as a stage does not take the value that arrives.
use flow_core::{flow, handler};

#[handler]
async fn read(_text: String) {}

#[handler]
async fn count() -> u32 {
    3
}

flow! {
    flow Inner(String);
    start -> read
}

fn main() {
    let _ = flow! { start -> count -> Inner };
}
