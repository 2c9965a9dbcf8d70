// `Events` is derived for what holds events. The handler emits one that it holds.
use flow_core::{Cx, Event, Events, flow, handler};

#[derive(Event)]
struct Passed;

#[derive(Event)]
struct Failed;

#[derive(Events)]
enum Verdict {
    Passed(Passed),
    Failed(Failed),
}

#[handler(emits = Verdict)]
async fn check(cx: &Cx) {
    cx.emit(Verdict::Passed(Passed));
}

#[handler]
async fn publish() {}

fn main() {
    let _ = flow! { start -> publish; when Verdict -> publish };
}
