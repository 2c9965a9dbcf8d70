// A workflow that promises an answer, and in which no step ends it with one.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Query(String);

#[derive(Event)]
struct Answer(String);

#[handler(emits = Query)]
async fn ask(question: String, cx: &Cx) {
    cx.emit(Query(question));
}

#[handler(on = Query, emits = Answer)]
async fn search(Query(question): Query, cx: &Cx) {
    cx.emit(Answer(question));
}

#[handler(on = Answer)]
async fn show(Answer(text): Answer, cx: &Cx) {
    cx.put(text).await;
}

flow! {
    flow Support(String) -> String;
    start -> ask;
    when Query -> search;
    when Answer -> show
}

fn main() {}
