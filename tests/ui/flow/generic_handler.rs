// A handler with type arguments.
use flow_core::{flow, handler};

#[handler]
async fn begin() {}

fn main() {
    let _ = flow! { start -> begin::<u8> };
}
