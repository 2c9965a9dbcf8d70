// The other branches would not come to their end.
use flow_core::{flow, handler};

#[handler]
async fn fetch(n: u32) -> u32 {
    n
}

fn main() {
    let _ = flow! { start(u32) -> first (fetch -> end, fetch) -> ignore };
    let _ = flow! { start(u32) -> first (fetch, match { 0 => end, n => fetch }) -> ignore };
}
