// A `timeout` without a unit.
use flow_core::handler;

#[handler(timeout = 30)]
async fn fetch() {}

fn main() {}
