// One of the branches goes on, so that they bring one type.
use flow_core::{flow, handler};

#[handler]
async fn fetch(n: u32) -> String {
    n.to_string()
}

#[handler]
async fn guess(n: u32) -> u32 {
    n
}

#[handler]
async fn show(_: String) {}

fn main() {
    let _ = flow! { start(u32) -> first (fetch, guess) -> show };
    let _ = flow! { start(u32) -> first (fetch, guess -> guess -> ignore) -> show };
}
