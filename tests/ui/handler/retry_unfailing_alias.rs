// A retried handler whose type says that it cannot fail.
use flow_core::handler;

type Answer = Option<u8>;

#[handler(retry(attempts = 3))]
async fn fetch() -> Answer {
    None
}

fn main() {}
