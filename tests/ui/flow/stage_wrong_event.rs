// A flow as a stage of a clause does not take the event.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Asked(String);

#[handler(emits = "Asked")]
async fn begin(cx: &Cx) {
    cx.emit(Asked(String::new()));
}

#[handler]
async fn read(_text: String) {}

flow! {
    flow Inner(String);
    start -> read
}

fn main() {
    let _ = flow! {
        start -> begin;
        when Asked -> Inner
    };
}
