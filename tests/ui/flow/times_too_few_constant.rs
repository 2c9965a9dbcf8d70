// The same with a constant.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Vote(u32);

#[handler(emits = "Vote")]
async fn vote(cx: &Cx) {
    cx.emit(Vote(1));
}

const ONE: usize = 1;

#[handler]
async fn single(_votes: [Vote; ONE]) {}

fn main() {
    let _ = flow! {
        start -> vote;
        when Vote[ONE] -> single
    };
}
