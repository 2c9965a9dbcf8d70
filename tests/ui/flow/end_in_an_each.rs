// An `end` for one item would lose the others.
use flow_core::{flow, handler};

#[handler]
async fn split() -> Vec<u32> {
    vec![1, 2]
}

#[handler]
async fn look(n: u32) -> Option<u32> {
    (n > 1).then_some(n)
}

fn main() {
    let _ = flow! {
        start -> split -> each (look -> match { Some(n) => end, None => ignore })[8]
    };
}
