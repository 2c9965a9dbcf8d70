// A stage takes an event from outside, which the outer flow does not declare `external`.
use flow_core::{Event, flow, handler};

#[derive(Clone, Event)]
struct Approve;

#[handler]
async fn begin() {}

#[handler]
async fn note(_approve: Approve) {}

flow! {
    flow Approval;
    external Approve;
    start -> begin;
    when Approve -> note
}

fn main() {
    let _ = flow! { start -> begin -> Approval };
}
