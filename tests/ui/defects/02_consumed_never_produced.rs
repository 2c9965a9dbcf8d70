// A step waits for an event that no step sends: documents are loaded and never ranked.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Query(String);

#[derive(Event)]
struct Found(Vec<String>);

#[derive(Event)]
struct Ranked(Vec<String>);

#[handler(emits = Query)]
async fn ask(question: String, cx: &Cx) {
    cx.emit(Query(question));
}

#[handler(on = Query, emits = Found)]
async fn search(Query(question): Query, cx: &Cx) {
    cx.emit(Found(vec![question]));
}

#[handler(on = Found)]
async fn keep(Found(_documents): Found) {}

#[handler(on = Ranked)]
async fn answer(Ranked(documents): Ranked) -> String {
    documents.join(", ")
}

fn main() {
    let _ = flow! {
        start(String) -> ask;
        when Query -> search;
        when Found -> keep;
        when Ranked -> answer -> end
    };
}
