// The handler of a rescue takes the causing event, which is not `Clone`.
use flow_core::{Cx, Event, Failed, flow, handler};
use std::fmt::Error;

#[derive(Event)]
struct Question;

#[handler(emits = "Question")]
async fn begin(cx: &Cx) {
    cx.emit(Question);
}

#[handler(on = "Question")]
async fn ask(_question: Question) -> Result<(), Error> {
    Err(Error)
}

#[handler]
async fn apologise(_failed: Failed<Error, Question>) {}

fn main() {
    let _ = flow! {
        start -> begin;
        when Question -> ask;
        rescue ask -> apologise
    };
}
