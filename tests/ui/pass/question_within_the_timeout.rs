//! The `within` of a question beside the limits of its flow: as long, shorter, or next to an
//! `idle_timeout`, which stands still while the flow waits for an answer.
#![deny(warnings)]

use flow_core::{Asked, Cx, Event, flow, handler};

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
        ask Approve within "1h" -> ignore else -> ignore
    };
    let _ = flow! {
        streams Asked<Approve>;
        timeout "1h";
        start -> begin;
        ask Approve within "59m" -> ignore
    };
    let _ = flow! {
        streams Asked<Approve>;
        timeout "1h";
        start -> begin;
        ask Approve -> ignore
    };
    let _ = flow! {
        streams Asked<Approve>;
        idle_timeout "30s";
        start -> begin;
        ask Approve within "1h" -> ignore else -> ignore
    };
}
