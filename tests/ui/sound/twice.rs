//! `sound` twice, and with something after it.
use flow_core::{flow, handler};

#[handler]
async fn one() -> u32 {
    1
}

fn main() {
    let _ = flow! { sound; sound; start -> one -> end };
    let _ = flow! { sound now; start -> one -> end };
}
