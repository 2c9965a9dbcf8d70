// A flow with a name is an item, not a value.
use flow_core::{flow, handler};

#[handler]
async fn begin() {}

fn main() {
    let _ = flow! { flow Chat; start -> begin };
}
