// A6: a flow as a stage does not take what arrives.
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
