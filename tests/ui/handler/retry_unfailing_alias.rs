// A retried handler that cannot fail, by an alias of its return type.
use flow_core::handler;

type Answer = Option<u8>;

#[handler(retry(attempts = 3))]
async fn fetch() -> Answer {
    None
}

fn main() {}
