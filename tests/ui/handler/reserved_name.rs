// Handlers with the names of words of `flow!`.
use flow_core::{flow, handler};

#[handler]
async fn end() {}

#[handler]
async fn ignore() {}

#[handler]
async fn each(_n: u32) {}

// These can be named in flows.
#[handler]
async fn start() {}

#[handler]
async fn r#match() {}

fn main() {
    let _ = flow! { start -> start -> r#match };
}
