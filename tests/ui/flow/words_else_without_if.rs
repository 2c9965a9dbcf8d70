// An `else` without a condition.
use flow_core::{flow, handler};

#[handler]
async fn work() {}

fn main() {
    let _ = flow! { start -> work else -> work };
}
