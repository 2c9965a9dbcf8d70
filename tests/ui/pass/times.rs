//! Several of one event: with a literal or a constant, with an `else`, beside clauses that wait for
//! each of them, and with handlers and events of confusing names.
use flow_core::{Cx, Event, flow, handler};

mod config {
    pub const PANEL: usize = 2;
}

#[derive(Clone, Event)]
struct Vote(u32);

#[handler(emits = Vote)]
async fn vote(cx: &Cx) {
    for n in 0..6 {
        cx.emit(Vote(n));
    }
}

#[handler]
async fn tally(_votes: [Vote; 3]) {}

#[handler]
async fn pair([_first, _second]: [Vote; config::PANEL]) {}

#[handler]
async fn many(votes: [Vote; 3]) -> Vec<Vote> {
    votes.into()
}

#[handler(on = Vote)]
async fn one(_vote: Vote) {}

#[handler]
async fn both(_both: ([Vote; 3], [Vote; 3])) {}

#[handler]
async fn same(votes: [Vote; 3]) -> [Vote; 3] {
    votes
}

#[handler]
async fn two() -> [Vote; config::PANEL] {
    [Vote(1), Vote(2)]
}

flow! {
    /// With a constant, the proof counts as well.
    pub flow Proved -> ();
    sound;
    start -> two -> emit;
    when Vote[config::PANEL] -> pair -> end;
    when Vote[{ config::PANEL / 2 + 1 }] -> pair
}

flow! {
    /// A vote.
    pub flow Panel() -> ();
    start -> vote -> end;
    when Vote[config::PANEL] -> pair else -> one;
    when Vote[config::PANEL + 1] -> tally;
    when Vote[3] -> many -> each one;
    when Vote[3] -> (same, same) -> both;
    when Vote -> one
}

fn main() {
    let _ = flow! { start -> Panel };
    let _ = flow! { start -> vote; when Vote[3] -> tally };
    let _ = flow! { start -> vote; when Vote[3] -> each one };
}
