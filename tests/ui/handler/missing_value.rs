// A key without a value.
use flow_core::handler;

#[handler(on, emits =)]
async fn reply() {}

fn main() {}
