// The handler of a rescue takes another cause than the event of the clause.
use flow_core::{Cx, Event, Failed, flow, handler};
use std::fmt::Error;

#[derive(Clone, Event)]
struct Question;

#[derive(Clone, Event)]
struct Hint;

#[handler(emits = ["Question", "Hint"])]
async fn begin(cx: &Cx) {
    cx.emit(Question);
    cx.emit(Hint);
}

#[handler]
async fn ask() -> Result<(), Error> {
    Err(Error)
}

#[handler]
async fn apologise(_failed: Failed<Error, Question>) {}

fn main() {
    let _ = flow! {
        start -> begin;
        when Question -> ask;
        when Hint -> ask;
        rescue ask -> apologise
    };
}
