// A12: a timeout of no time at all.
use flow_core::handler;

#[handler(timeout = "0s")]
async fn fetch() {}

fn main() {}
