//! `durable` twice, with something after it, and misspelt.
use flow_core::{flow, handler};

#[handler]
async fn one() -> u32 {
    1
}

fn main() {
    let _ = flow! { durable; durable; start -> one -> end };
    let _ = flow! { durable now; start -> one -> end };
    let _ = flow! { durible; start -> one -> end };
}
