// A12: how many calls at a time, not as a number.
use flow_core::handler;

#[handler(concurrency = "many")]
async fn fetch() {}

fn main() {}
