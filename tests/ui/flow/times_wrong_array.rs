// The handler takes an array of another length.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Vote(u32);

#[handler(emits = "Vote")]
async fn vote(cx: &Cx) {
    cx.emit(Vote(1));
}

#[handler]
async fn tally(_votes: [Vote; 3]) {}

fn main() {
    let _ = flow! {
        start -> vote;
        when Vote[2] -> tally
    };
}
