// A question that clauses take as if it were any event.
use flow_core::{Cx, Event, flow, handler};

#[derive(Clone, Event)]
#[event(answer = "bool")]
struct Review(String);

#[derive(Clone, Event)]
struct Done;

#[handler(emits = [Review, Done])]
async fn draft(cx: &Cx) {
    cx.emit(Review("text".to_owned()));
    cx.emit(Done);
}

#[handler(on = Review)]
async fn show() {}

#[handler]
async fn log(Review(_text): Review) {}

#[handler]
async fn both(_pair: (Done, Review)) {}

fn main() {
    let _ = flow! { start -> draft; when Review -> show; when Review -> log; when Done -> show_done };
    let _ = flow! { start -> draft; when Done & Review -> both };
}

#[handler(on = Done)]
async fn show_done() {}
