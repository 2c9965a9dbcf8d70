// A flow without a name is a value, not an item.
use flow_core::{flow, handler};

#[handler]
async fn begin() {}

flow! { start -> begin }

fn main() {}
