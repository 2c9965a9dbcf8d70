// A value that is not `Clone` goes into each branch of a join.
use flow_core::{flow, handler};

struct Doc(String);

#[handler]
async fn read() -> Doc {
    Doc(String::new())
}

#[handler]
async fn count(Doc(text): Doc) -> usize {
    text.len()
}

#[handler]
async fn shout(Doc(text): Doc) -> String {
    text.to_uppercase()
}

#[handler]
async fn merge(_both: (usize, String)) {}

fn main() {
    let _ = flow! { start -> read -> (count, shout) -> merge };
}
