// A loop that looks as if it had an exit: both ways of the check revise the text again.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Draft(String);

#[derive(Event)]
struct Again(String);

#[handler(emits = Draft)]
async fn write(topic: String, cx: &Cx) {
    cx.emit(Draft(topic));
}

#[handler(on = Draft, emits = Again)]
async fn check(Draft(text): Draft, cx: &Cx) {
    if text.len() < 20 {
        cx.emit(Again(text + ", longer"));
    } else {
        cx.emit(Again(text + ", better"));
    }
}

#[handler(on = Again, emits = Draft)]
async fn revise(Again(text): Again, cx: &Cx) {
    cx.emit(Draft(text));
}

fn main() {
    let _ = flow! {
        start(String) -> write;
        when Draft -> check;
        when Again -> revise
    };
}
