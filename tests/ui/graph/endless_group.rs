// A loop through `when E[n]` that never ends: each run emits a whole group.
use flow_core::{Cx, Event, flow, handler};

#[derive(Clone, Event)]
struct Vote(u64);

#[handler(emits = Vote)]
async fn begin(cx: &Cx) {
    cx.emit(Vote(0));
    cx.emit(Vote(1));
    cx.emit(Vote(2));
}

#[handler(emits = Vote)]
async fn vote_again(_votes: [Vote; 3], cx: &Cx) {
    cx.emit(Vote(0));
    cx.emit(Vote(1));
    cx.emit(Vote(2));
}

fn main() {
    let _ = flow! { start -> begin; when Vote[3] -> vote_again };
}
