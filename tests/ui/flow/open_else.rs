// An `else` behind what opens a resource.
use flow_core::{Res, Result, flow, handler};

struct Session;

#[handler]
async fn open_session() -> Result<Session> {
    Ok(Session)
}

#[handler]
async fn other_session() -> Session {
    Session
}

#[handler]
async fn work(_session: Res<Session>) {}

fn main() {
    let _ = flow! {
        with Session = open_session else other_session;
        start -> work
    };
}
