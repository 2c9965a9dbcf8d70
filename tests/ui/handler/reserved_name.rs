// Handlers with the names of words of `flow!`.
use flow_core::{flow, handler};

#[handler]
async fn end() {}

#[handler]
async fn ignore() {}

#[handler]
async fn each(_n: u32) {}

#[handler]
async fn emit() {}

#[handler]
async fn skip() {}

// These can be named in flows.
#[handler]
async fn start() {}

#[handler]
async fn r#match() {}

fn main() {
    let _ = flow! { start -> start -> r#match };
    // No error on the following lines.
    let _ = flow! { start -> emit };
    let _ = flow! { start -> skip -> end };
    let _ = flow! { start -> start -> each };
}
