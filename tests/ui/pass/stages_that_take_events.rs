// Flows that take events from outside are stages of flows that pass them on.
use flow_core::{Event, flow, handler};

mod events {
    #[derive(Clone, flow_core::Event)]
    pub struct Approve;
}

use events::Approve;

/// Not `Clone`, because no stage takes it.
#[derive(Event)]
struct Quit;

#[handler]
async fn begin() {}

#[handler]
async fn several() -> Vec<()> {
    Vec::new()
}

#[handler]
async fn all(_done: Vec<()>) {}

#[handler]
async fn both(_done: ((), ())) {}

#[handler]
async fn note(_approve: Approve) {}

#[handler]
async fn quit(_quit: Quit) {}

flow! {
    flow Approval;
    external Approve;
    start -> begin;
    when Approve -> note
}

flow! {
    flow Nested;
    external events::Approve;
    start -> Approval
}

fn main() {
    let _ = flow! { external Approve; start -> Approval -> Nested };
    let _ = flow! { external Approve; start -> (Approval, Nested) -> both };
    let _ = flow! { external Approve; start -> several -> each (Nested else begin)[2] -> all };
    let _ = flow! { external events::Approve; start -> begin; when Approve -> note -> Nested };
    let _ = flow! {
        external Approve;
        external Quit;
        start -> Nested;
        when Quit -> quit
    };
    let _ = flow! { external Approve; start -> begin -> Nested; rescue Nested -> begin -> Approval };
}
