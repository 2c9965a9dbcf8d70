// `M` is a month to some parsers of durations, and minutes to those who write it.
use flow_core::handler;

#[handler(timeout = "24M")]
async fn fetch() {}

fn main() {}
