// The same clause twice.
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
        when Vote[3] -> tally;
        when Vote[3] -> tally
    };
}
