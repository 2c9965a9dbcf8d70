// The time of a question that the flow does not ask.
use std::time::Duration;

use flow_core::{Event, flow, handler};

#[derive(Clone, Event)]
#[event(answer = bool)]
struct Approve;

#[handler]
async fn work() {}

fn main() {
    let _ = flow! { start -> work }.within_of::<Approve>(Duration::from_secs(1));
}
