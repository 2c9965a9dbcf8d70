// An `end` in a branch would lose the other branches.
use flow_core::{flow, handler};

#[handler]
async fn mirror() -> u32 {
    1
}

#[handler]
async fn original() -> u32 {
    2
}

#[handler]
async fn show(_first: u32) {}

fn main() {
    let _ = flow! {
        start -> (mirror -> end, original -> show)
    };
}
