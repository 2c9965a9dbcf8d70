// A handler opens a resource.
use flow_core::{Res, flow, handler};

struct Session;

async fn open_session() -> Session {
    Session
}

#[handler]
async fn work(_session: Res<Session>) {}

fn main() {
    let _ = flow! { with Session = open_session; start -> work };
    let _ = flow! { with Session = Session; start -> work };
    let _ = flow! { with Session = missing; start -> work };
}
