// An execution opens the resource, so the flow is not given it.
use flow_core::{Res, flow, handler};

struct Session;

#[handler]
async fn open_session() -> Session {
    Session
}

#[handler]
async fn work(_session: Res<Session>) {}

fn main() {
    let flow = flow! { with Session = open_session; start -> work };
    let _ = flow.with(Session);
}
