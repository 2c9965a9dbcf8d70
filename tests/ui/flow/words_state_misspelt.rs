// A misspelt `state`, which is as near to `start`.
use flow_core::{flow, handler};

#[derive(Default)]
struct Saga;

#[handler]
async fn work() {}

fn main() {
    let _ = flow! { stat Saga; start -> work };
}
