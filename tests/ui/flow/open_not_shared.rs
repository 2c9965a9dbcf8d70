// All handlers of an execution share the resource.
use std::cell::Cell;

use flow_core::{Res, flow, handler};

struct Session(Cell<u32>);

#[handler]
async fn open_session() -> Session {
    Session(Cell::new(0))
}

#[handler]
async fn work(_session: Res<Session>) {}

fn main() {
    let _ = flow! { with Session = open_session; start -> work };
}
