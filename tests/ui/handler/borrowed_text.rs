// Parameters that are borrowed text and a slice.
use flow_core::{flow, handler};

#[handler]
async fn print(_text: &str) {}

#[handler]
async fn sum(_numbers: &[u64]) {}

fn main() {
    let _ = flow! { start(String) -> print };
    let _ = flow! { start(Vec<u64>) -> sum };
}
