// Three handlers in a cycle, next to others that wait and do not end it.
use flow_core::{Cx, Event, flow, handler};

#[derive(Clone, Event)]
struct Plan(String);

#[derive(Event)]
struct Draft(String);

#[derive(Event)]
struct Review(String);

#[handler(emits = "Plan")]
async fn begin(cx: &Cx) {
    cx.emit(Plan("a book".to_owned()));
}

#[handler(on = "Plan", emits = "Draft")]
async fn write(Plan(text): Plan, cx: &Cx) {
    cx.emit(Draft(format!("{text}, written")));
}

#[handler(on = "Draft", emits = "Review")]
async fn read(Draft(text): Draft, cx: &Cx) {
    cx.emit(Review(text));
}

#[handler(on = "Review", emits = "Plan")]
async fn plan(Review(text): Review, cx: &Cx) {
    cx.emit(Plan(text.clone()));
}

#[handler(on = "Plan")]
async fn tell(Plan(text): Plan, cx: &Cx) {
    cx.put(text).await;
}

fn main() {
    let _ = flow! {
        start -> begin;
        when Plan -> write;
        when Draft -> read;
        when Review -> plan;
        when Plan -> tell
    };
}
