// A flow declares a result, and no clause leads to `end`.
use flow_core::{flow, handler};

#[handler]
async fn begin() {}

flow! {
    flow Chat -> String;
    start -> begin
}

fn main() {}
