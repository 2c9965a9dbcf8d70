// A resource that no handler takes.
use flow_core::{flow, handler};

struct Llm;

#[handler]
async fn begin() {}

fn main() {
    let _ = flow! {
        with Llm;
        start -> begin
    };
}
