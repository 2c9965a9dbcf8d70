// The line that names the flow is not the first one.
use flow_core::{flow, handler};

#[handler]
async fn begin() {}

flow! {
    start -> begin;
    flow Late
}

fn main() {
    let _ = Late::new();
}
