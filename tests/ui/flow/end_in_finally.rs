// The ending is decided when a `finally` runs.
use flow_core::{flow, handler};

#[handler]
async fn begin() -> u32 {
    1
}

#[handler]
async fn settle() -> u32 {
    2
}

fn main() {
    let _ = flow! {
        start -> begin -> end;
        finally within "30s" -> settle -> end
    };
}
