// Several of an event, beside another event or with a condition.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Vote(u32);

#[handler(emits = "Vote")]
async fn vote(cx: &Cx) {
    cx.emit(Vote(1));
}

#[handler]
async fn tally(_votes: [Vote; 3]) {}

#[derive(Event)]
struct Other;

fn main() {
    let _ = flow! {
        start -> vote;
        when Vote[3] & Other -> tally
    };
    let _ = flow! {
        start -> vote;
        when Other & Vote[3] -> tally
    };
    let _ = flow! {
        start -> vote;
        when Vote[3] if true -> tally else -> ignore
    };
}
