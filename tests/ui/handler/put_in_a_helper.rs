// What a helper emits, or puts of another type, is not declared by the handler that calls it.
use flow_core::{Cx, Emits, Event, Router, Streams, handler};

#[derive(Event)]
struct Done;

struct Progress;

fn heading(cx: &Cx<impl Router, impl Streams<String>>, text: &str) {
    let _ = cx.put(text);
}

fn finish(cx: &Cx<impl Router, impl Emits<Done>>) {
    cx.emit(Done);
}

#[handler]
async fn report(cx: &Cx) {
    heading(cx, "results");
    finish(cx);
}

#[handler(streams = Progress)]
async fn report_progress(cx: &Cx) {
    heading(cx, "progress");
}

fn main() {}
