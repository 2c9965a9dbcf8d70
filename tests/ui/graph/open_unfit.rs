// A handler that opens a resource takes no value, and neither emits nor puts anything.
use flow_core::{Cx, Event, Res, flow, handler};

struct Session;

#[derive(Event)]
struct Opened;

#[handler]
async fn open_by_name(_name: String) -> Session {
    Session
}

#[handler(emits = Opened)]
async fn open_and_tell(cx: &Cx) -> Session {
    cx.emit(Opened);
    Session
}

#[handler]
async fn open_and_put(cx: &Cx) -> Session {
    cx.put("open").await;
    Session
}

#[handler]
async fn made() -> Session {
    Session
}

flow! { flow Open -> Session; start -> made -> end }

#[handler]
async fn work(_session: Res<Session>) {}

#[handler]
async fn hear(_opened: Opened) {}

fn main() {
    let _ = flow! { with Session = open_by_name; start(String) -> work };
    let _ = flow! { with Session = open_and_tell; start -> work; when Opened -> hear };
    let _ = flow! { with Session = open_and_put; start -> work };
    let _ = flow! { with Session = Open; start -> work };
}
