// The pattern of a condition does not match the form of the event.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Score {
    points: u32,
}

#[handler(emits = "Score")]
async fn grade(cx: &Cx) {
    cx.emit(Score { points: 3 });
}

#[handler(on = "Score")]
async fn praise(score: Score) {
    let _ = score.points;
}

fn main() {
    let _ = flow! {
        start -> grade;
        when Score { marks, .. } if marks > 50 -> praise else -> ignore
    };
}
