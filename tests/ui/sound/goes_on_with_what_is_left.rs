// After the `end`, the `else` of a group emits the event that is left again and again.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Vote;

#[handler(emits = Vote)]
async fn begin(cx: &Cx) {
    cx.emit(Vote);
    cx.emit(Vote);
    cx.emit(Vote);
}

#[handler]
async fn tally(_votes: [Vote; 2]) -> u32 {
    2
}

#[handler(on = Vote, emits = Vote)]
async fn again(cx: &Cx) {
    std::future::ready(()).await;
    cx.emit(Vote);
}

fn main() {
    let _ = flow! { sound; start -> begin; when Vote[2] -> tally -> end else -> again };
}
