// The stage after a flow as a stage does not take its result.
use flow_core::{flow, handler};

#[handler]
async fn count() -> u32 {
    3
}

#[handler]
async fn tell(_text: String) {}

flow! {
    flow Inner -> u32;
    start -> count -> end
}

fn main() {
    let _ = flow! { start -> Inner -> tell };
}
