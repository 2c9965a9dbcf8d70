// Questions that may wait for their answer longer than the flow runs.
use std::time::Duration;

use flow_core::{Asked, Cx, Event, flow, handler};

const TWO_HOURS: Duration = Duration::from_secs(7_200);

#[derive(Clone, Event)]
#[event(answer = bool)]
struct Approve;

#[handler(emits = Approve)]
async fn begin(cx: &Cx) {
    cx.emit(Approve);
}

fn main() {
    let _ = flow! {
        streams Asked<Approve>;
        timeout "1h";
        start -> begin;
        ask Approve within "72h" -> ignore else -> ignore
    };
    let _ = flow! {
        streams Asked<Approve>;
        timeout "1h";
        start -> begin;
        ask Approve within TWO_HOURS -> ignore
    };
}
