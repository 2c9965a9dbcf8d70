// A `concurrency` of zero.
use flow_core::handler;

#[handler(concurrency = 0)]
async fn fetch() {}

fn main() {}
