// Parameters whose size is not known.
use flow_core::{flow, handler};

trait Tool {}

#[handler]
async fn text(text: str) {
    let _ = text.len();
}

#[handler]
async fn list(list: [u8]) {
    let _ = list.first();
}

#[handler]
async fn tool(_tool: dyn Tool) {}

fn main() {
    let _ = flow! { start(String) -> text };
}
