// A resource that is not `Sync`.
use flow_core::{Res, handler};

#[handler]
async fn add(_total: Res<std::cell::Cell<u32>>) {}

fn main() {}
