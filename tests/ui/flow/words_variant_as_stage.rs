// A variant as a stage.
use flow_core::{flow, handler};

#[handler]
async fn numbers() -> Vec<u8> {
    vec![]
}

fn main() {
    let _ = flow! { start -> numbers -> None };
}
