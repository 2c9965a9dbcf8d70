// The handler of a rescue for all takes a cause that not every clause has.
use flow_core::{BoxError, Cx, Event, Failed, flow, handler};
use std::fmt::Error;

#[derive(Clone, Event)]
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
async fn log(_failed: Failed<BoxError, Question>) {}

fn main() {
    let _ = flow! {
        start -> begin;
        when Question -> ask;
        rescue -> log
    };
}
