// A12: a timeout that is no duration.
use flow_core::handler;

#[handler(timeout = "abc")]
async fn fetch() {}

fn main() {}
