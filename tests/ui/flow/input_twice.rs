// The input is declared twice.
use flow_core::{flow, handler};

#[handler]
async fn begin(_text: String) {}

flow! {
    flow Chat(String);
    start(String) -> begin
}

fn main() {}
