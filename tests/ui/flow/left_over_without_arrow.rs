// An `else` without an arrow, for the events that are left over.
use flow_core::{Event, flow, handler};

#[derive(Event)]
struct Vote(u32);

#[handler]
async fn votes() -> Vec<Vote> {
    vec![Vote(1), Vote(2), Vote(3)]
}

#[handler]
async fn tally(_: [Vote; 3]) {}

#[handler]
async fn log() {}

fn main() {
    let _ = flow! { start -> votes -> emit; when Vote[3] -> tally else log };
}
