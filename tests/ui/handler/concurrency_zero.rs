// A12: a handler of which no call may ever run.
use flow_core::handler;

#[handler(concurrency = 0)]
async fn fetch() {}

fn main() {}
