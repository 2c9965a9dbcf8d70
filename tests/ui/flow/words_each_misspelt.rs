// A misspelt `each`.
use flow_core::{flow, handler};

#[handler]
async fn numbers() -> Vec<u8> {
    vec![]
}

#[handler]
async fn one(_n: u8) {}

fn main() {
    let _ = flow! { start -> numbers -> eahc one };
}
