// A `concurrency` that is not a number.
use flow_core::handler;

#[handler(concurrency = "many")]
async fn fetch() {}

fn main() {}
