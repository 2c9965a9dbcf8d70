// A `timeout` that is not a duration.
use flow_core::handler;

#[handler(timeout = "abc")]
async fn fetch() {}

fn main() {}
