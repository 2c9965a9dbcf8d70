// Two steps that lead only to each other: nothing ever begins the revision.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Draft(String);

#[derive(Event)]
struct Critique(String);

#[derive(Event)]
struct Revision(String);

#[handler(emits = Draft)]
async fn write(topic: String, cx: &Cx) {
    cx.emit(Draft(topic));
}

#[handler(on = Draft)]
async fn publish(Draft(text): Draft) -> String {
    text
}

#[handler(on = Revision, emits = Critique)]
async fn criticise(Revision(text): Revision, cx: &Cx) {
    cx.emit(Critique(text));
}

#[handler(on = Critique, emits = Revision)]
async fn revise(Critique(text): Critique, cx: &Cx) {
    cx.emit(Revision(text));
}

fn main() {
    let _ = flow! {
        start(String) -> write;
        when Draft -> publish -> end;
        when Revision -> criticise;
        when Critique -> revise
    };
}
