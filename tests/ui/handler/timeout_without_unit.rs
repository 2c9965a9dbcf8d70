// A12: a timeout as a number, of which unit?
use flow_core::handler;

#[handler(timeout = 30)]
async fn fetch() {}

fn main() {}
