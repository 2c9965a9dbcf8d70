// A clause that waits for one of an event, or for none.
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
        when Vote[1] -> tally
    };
    let _ = flow! {
        start -> vote;
        when Vote[0] -> tally
    };
}
