//! What `begin` emits is up to the function that it passes its context to.
use flow_core::{Cx, Emits, Event, Router, flow, handler};

#[derive(Event)]
struct Passed;

async fn help(cx: &Cx<impl Router, impl Emits<Passed>>) {
    cx.emit(Passed);
}
#[handler(emits = Passed)]
async fn begin(cx: &Cx) {
    help(cx).await;
}
#[handler]
async fn done(_: Passed) -> u32 {
    1
}

fn main() {
    let _ = flow! { sound; start -> begin; when Passed -> done -> end };
}
