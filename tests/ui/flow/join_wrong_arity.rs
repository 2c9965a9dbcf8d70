// The stage after a join takes more values than there are branches.
use flow_core::{flow, handler};

#[handler]
async fn count(text: String) -> usize {
    text.len()
}

#[handler]
async fn shout(text: String) -> String {
    text.to_uppercase()
}

#[handler]
async fn merge(_all: (usize, String, bool)) {}

fn main() {
    let _ = flow! { start(String) -> (count, shout) -> merge };
}
