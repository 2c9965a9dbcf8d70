// A handler returns the resource that it opens.
use flow_core::{Res, Result, flow, handler};

struct Session;

trait Store: Send + Sync {}

struct Disk;

impl Store for Disk {}

#[handler]
async fn open_session() -> Result<Option<Session>> {
    Ok(None)
}

#[handler]
async fn mount() -> Disk {
    Disk
}

#[handler]
async fn nothing() {}

#[handler]
async fn work(_session: Res<Session>) {}

#[handler]
async fn save(_store: Res<dyn Store>) {}

fn main() {
    let _ = flow! { with Session = open_session; start -> work };
    let _ = flow! { with Session = nothing; start -> work };
    let _ = flow! { with dyn Store = mount; start -> save };
}
