// Nothing is rescued before `start`.
use flow_core::{BoxError, Failed, Res, Result, flow, handler};

struct Session;

#[handler]
async fn open_session() -> Result<Session> {
    Ok(Session)
}

#[handler]
async fn work(_session: Res<Session>) {}

#[handler]
async fn apologize(_failed: Failed<BoxError>) {}

fn main() {
    let _ = flow! {
        with Session = open_session;
        start -> work;
        rescue open_session -> apologize
    };
    let _ = flow! {
        with Session = open_session;
        start -> work;
        rescue -> apologize
    };
}
