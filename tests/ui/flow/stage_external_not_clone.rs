// A stage takes an event from outside that is not `Clone`.
use flow_core::{Event, flow, handler};

#[derive(Event)]
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
    let _ = flow! {
        external Approve;
        start -> begin -> Approval
    };
}
