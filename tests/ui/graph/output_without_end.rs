// B5: a flow says what it ends with, and no clause leads to `end`.
use flow_core::{flow, handler};

#[handler]
async fn begin() {}

flow! {
    flow Chat -> String;
    start -> begin
}

fn main() {}
