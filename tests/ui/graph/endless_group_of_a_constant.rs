// The same as `endless_group`, where a constant tells how many make a group.
use flow_core::{Cx, Event, flow, handler};

const PANEL: usize = 3;

#[derive(Clone, Event)]
struct Vote(u64);

#[handler(emits = Vote)]
async fn begin(cx: &Cx) {
    cx.emit(Vote(0));
    cx.emit(Vote(1));
    cx.emit(Vote(2));
}

#[handler(emits = Vote)]
async fn vote_again(_votes: [Vote; PANEL], cx: &Cx) {
    cx.emit(Vote(0));
    cx.emit(Vote(1));
    cx.emit(Vote(2));
}

fn main() {
    let _ = flow! { start -> begin; when Vote[PANEL] -> vote_again };
}
