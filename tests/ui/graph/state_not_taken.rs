// A state that no handler takes.
use flow_core::{flow, handler};

#[derive(Default)]
struct Total;

#[handler]
async fn begin() {}

fn main() {
    let _ = flow! {
        state Total;
        start -> begin
    };
}
