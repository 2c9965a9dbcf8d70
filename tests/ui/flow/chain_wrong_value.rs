// A stage that does not take what the one before it returns.
use flow_core::{flow, handler};

#[handler]
async fn count() -> u32 {
    3
}

#[handler]
async fn shout(_text: String) {}

fn main() {
    let _ = flow! { start -> count -> shout };
}
