// A step sends an event that its annotation does not name.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Draft(String);

#[derive(Event)]
struct Good(String);

#[handler(emits = Draft)]
async fn write(topic: String, cx: &Cx) {
    cx.emit(Draft(topic));
}

#[handler(on = Draft, emits = Draft)]
async fn check(Draft(text): Draft, cx: &Cx) {
    if text.len() < 20 {
        cx.emit(Draft(text + ", longer"));
    } else {
        cx.emit(Good(text));
    }
}

#[handler(on = Good)]
async fn publish(Good(text): Good) -> String {
    text
}

fn main() {
    let _ = flow! {
        start(String) -> write;
        when Draft -> check;
        when Good -> publish -> end
    };
}
