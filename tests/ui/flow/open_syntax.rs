// One handler opens a resource. It is named, and not called.
use flow_core::{Res, flow, handler};

struct Session;
struct Other;

#[handler]
async fn open_session() -> Session {
    Session
}

#[handler]
async fn open_other() -> Other {
    Other
}

#[handler]
async fn work(_session: Res<Session>) {}

fn main() {
    let _ = flow! {
        start -> work;
        with Session =;
        with Session = open_session();
        with Session = || Session;
        with Session = Session { id: 1 };
        with Session = open_session -> work;
        with Session = open_session?;
        with Session = open_session::<u32>;
        with = open_session;
        with Session open_session;
        wth Other = open_other
    };
}
