// A type that is not an event, and that handlers and clauses name in many places.
use flow_core::{Cx, Event, flow, handler};

#[derive(Clone)]
struct Draft(String);

#[derive(Event)]
struct Quit;

#[handler(emits = Draft)]
async fn write(cx: &Cx) {
    cx.emit(Draft(String::new()));
}

#[handler(on = Draft, emits = [Draft, Quit])]
async fn edit(Draft(text): Draft, cx: &Cx) {
    if text.is_empty() {
        cx.emit(Draft(text));
    } else {
        cx.emit(Quit);
    }
}

#[handler]
async fn log(Draft(_): Draft) {}

#[handler]
async fn stop(cx: &Cx) {
    cx.stop();
}

fn main() {
    let _ = flow! {
        start -> write;
        when Draft -> edit;
        when Draft -> log;
        when Quit -> stop
    };
}
