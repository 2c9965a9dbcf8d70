// A `timeout` of zero.
use flow_core::handler;

#[handler(timeout = "0s")]
async fn fetch() {}

fn main() {}
