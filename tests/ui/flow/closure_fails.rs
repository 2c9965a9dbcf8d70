// A closure returns a `Result`, as a handler that may fail would.
use flow_core::{flow, handler};

#[handler]
async fn double(n: u32) -> u32 {
    2 * n
}

fn main() {
    let _ = flow! {
        start(String) -> |text| text.parse::<u32>() -> double -> ignore
    };
}
