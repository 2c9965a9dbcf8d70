// A flow with two names.
use flow_core::{flow, handler};

#[handler]
async fn begin() {}

flow! {
    flow First;
    flow Second;
    start -> begin
}

fn main() {}
