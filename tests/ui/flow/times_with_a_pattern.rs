// A clause with a number, and a pattern for one of the events.
use flow_core::{Event, flow, handler};

#[derive(Event)]
struct Vote(u32);

#[handler]
async fn votes() -> Vec<Vote> {
    vec![Vote(1), Vote(2), Vote(3)]
}

#[handler]
async fn tally(_: [Vote; 3]) {}

fn main() {
    let _ = flow! { start -> votes -> emit; when Vote(n)[3] -> tally };
}
