// A resource that an execution opens is taken by a handler, and what takes it is declared.
use flow_core::{Res, flow, handler};

struct Connection;
struct Session;

#[handler]
async fn open_session() -> Session {
    Session
}

#[handler]
async fn begin(_connection: Res<Connection>) -> Session {
    Session
}

#[handler]
async fn idle() {}

#[handler]
async fn work(_session: Res<Session>) {}

fn main() {
    let _ = flow! { with Session = open_session; start -> idle };
    let _ = flow! { with Session = begin; start -> work };
}
