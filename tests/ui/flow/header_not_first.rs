// A13: a flow's name is not at the beginning.
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
