// A condition that is not a `bool`.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Score(u32);

#[handler(emits = "Score")]
async fn grade(cx: &Cx) {
    cx.emit(Score(3));
}

#[handler(on = "Score")]
async fn praise() {}

fn main() {
    let _ = flow! {
        start -> grade;
        when Score(points) if points -> praise else -> ignore
    };
}
