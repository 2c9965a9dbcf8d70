// A12: a resource that cannot be shared.
use flow_core::{Res, handler};

#[handler]
async fn add(_total: Res<std::cell::Cell<u32>>) {}

fn main() {}
