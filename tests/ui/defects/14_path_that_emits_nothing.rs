// A step that on one path returns without an event: only a full answer leads on.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Found(Vec<String>);

#[derive(Event)]
struct Answer(String);

#[handler(emits = Found)]
async fn search(question: String, cx: &Cx) {
    cx.emit(Found(vec![question]));
}

#[handler(on = Found, emits = Answer)]
async fn answer(Found(documents): Found, cx: &Cx) {
    if let Some(best) = documents.first() {
        cx.emit(Answer(best.clone()));
    }
}

#[handler(on = Answer)]
async fn show(Answer(text): Answer) -> String {
    text
}

fn main() {
    let _ = flow! {
        sound;
        start(String) -> search;
        when Found -> answer;
        when Answer -> show -> end
    };
}
