// A flow that is a stage of itself.
use flow_core::{flow, handler};

#[handler]
async fn begin() {}

flow! {
    flow Chat;
    start -> begin -> Chat
}

fn main() {
    let _ = Chat::new();
}
