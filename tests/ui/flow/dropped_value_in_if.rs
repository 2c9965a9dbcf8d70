// One way of an `if` returns a value that nothing takes.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Score(u32);

#[handler(emits = "Score")]
async fn grade(cx: &Cx) {
    cx.emit(Score(3));
}

#[handler]
async fn praise(Score(points): Score) -> u32 {
    points
}

fn main() {
    let _ = flow! {
        start -> grade;
        when Score(points) if points > 50 -> praise else -> ignore
    };
}
