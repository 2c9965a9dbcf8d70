//! Races of branches, and names that are near.
#![deny(warnings)]

use flow_core::{BoxError, Cx, Event, Failed, Result, flow, handler};

#[derive(Clone, Event)]
struct Query(String);

#[handler(on = Query)]
async fn cache(Query(text): Query) -> Result<usize> {
    Ok(text.len())
}

#[handler(on = Query, timeout = "1s", retry(attempts = 2))]
async fn fetch(Query(text): Query) -> Result<usize> {
    Ok(text.len())
}

#[handler]
async fn parse(text: String) -> Query {
    Query(text)
}

#[handler]
async fn local(text: String, cx: &Cx) -> usize {
    cx.put("local").await;
    text.len()
}

#[handler]
async fn zero(_: Failed<BoxError>) -> usize {
    0
}

#[handler]
async fn first() -> String {
    String::new()
}

#[handler]
async fn show(_: usize) {}

#[handler]
async fn words(text: String) -> Vec<String> {
    vec![text]
}

#[handler]
async fn sum(_: Vec<usize>) -> usize {
    1
}

#[handler]
async fn log() {}

flow! {
    flow Search(Query) -> usize;
    start -> first (cache, fetch) -> end
}

fn main() {
    let _ = flow! { start -> first -> local -> show };
    let _ = flow! { start -> self::first -> first (local, parse -> Search) else zero -> show };
    let _ = flow! {
        start(Query) -> cache -> show;
        when Query -> first (cache else zero, first (cache, fetch), Search) else zero -> show;
        external Query;
        rescue -> log
    };
    let _ = flow! {
        start(String) -> words -> each (first (local, parse -> fetch) else skip)[4] -> sum -> end;
        when Query -> first (fetch -> end now, cache -> show);
        external Query
    };
    let _ = flow! {
        start(String) -> (first (local -> ignore, parse -> ignore), local) -> ignore
    };
}
