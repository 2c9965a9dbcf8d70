// Limits that are constants of zero: the messages are those for literals.
use flow_core::{Cx, Event, flow, handler};
use std::time::Duration;

const NO_TIME: Duration = Duration::ZERO;
const NONE: u64 = 0;
const NO_HANDLERS: usize = 0;

#[derive(Clone, Event)]
#[event(answer = bool)]
struct Approve;

#[handler(emits = Approve)]
async fn begin(cx: &Cx) {
    cx.emit(Approve);
}

#[handler]
async fn tidy() {}

fn main() {
    let _ = flow! {
        streams flow_core::Asked<Approve>;
        timeout NO_TIME;
        drain within NO_TIME;
        finally within NO_TIME -> tidy;
        idle_timeout Duration::from_secs(NONE);
        max_events NONE;
        max_pending NONE;
        concurrency NO_HANDLERS;
        start -> begin -> end;
        ask Approve within NO_TIME -> ignore else -> ignore
    };
}
