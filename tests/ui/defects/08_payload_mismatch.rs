// A step that takes another payload than the step before it passes on.
use flow_core::{flow, handler};

struct Page {
    text: String,
}

#[handler]
async fn fetch(url: String) -> Page {
    Page { text: url }
}

#[handler]
async fn summarise(text: String) -> String {
    text
}

fn main() {
    let _ = flow! { start(String) -> fetch -> summarise -> end };
}
