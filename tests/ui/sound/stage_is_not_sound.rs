//! A stage with an output has to be proved as well.
use flow_core::{flow, handler};

#[handler]
async fn one() -> u32 {
    1
}

flow! {
    flow Inner -> u32;
    start -> one -> end;
}

fn main() {
    let _ = flow! { sound; start -> Inner -> end };
}
