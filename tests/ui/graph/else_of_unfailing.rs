// An `else` of a handler that cannot fail.
use flow_core::{flow, handler};

#[handler]
async fn gap() -> u32 {
    0
}

fn main() {
    let _ = flow! { start -> gap else gap -> ignore };
}
