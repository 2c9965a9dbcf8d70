// Misspelt words at the end of a route.
use flow_core::{flow, handler};

#[handler]
async fn count() -> u32 {
    1
}

fn main() {
    let _ = flow! { start -> count -> ennd };
    let _ = flow! { start -> count -> ingore };
    let _ = flow! { start -> count -> End };
}
