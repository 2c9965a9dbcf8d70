// A flow has one resource of a type.
use flow_core::{Res, flow, handler};

struct Session;

#[handler]
async fn open_session() -> Session {
    Session
}

#[handler]
async fn work(_session: Res<Session>) {}

fn main() {
    let _ = flow! { with Session = open_session; with Session = open_session; start -> work };
    let _ = flow! { with Session; with Session = open_session; start -> work };
}
