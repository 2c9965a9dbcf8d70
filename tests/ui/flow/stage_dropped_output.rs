// The result of a flow as a stage is dropped.
use flow_core::{flow, handler};

#[handler]
async fn count() -> u32 {
    3
}

flow! {
    flow Inner -> u32;
    start -> count -> end
}

fn main() {
    let _ = flow! { start -> Inner };
}
