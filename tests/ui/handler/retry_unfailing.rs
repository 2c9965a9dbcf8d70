// A retried handler that cannot fail.
use flow_core::handler;

#[handler(retry(attempts = 3))]
async fn fetch() {}

fn main() {}
