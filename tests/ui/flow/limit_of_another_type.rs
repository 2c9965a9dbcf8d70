// Limits that are constants of another type.
use flow_core::{Cx, Event, flow, handler};

const SECONDS: u64 = 30;
const TEXT: &str = "30s";
const AT_A_TIME: u32 = 8;

#[derive(Clone, Event)]
#[event(answer = bool)]
struct Approve;

#[handler(emits = Approve)]
async fn begin(cx: &Cx) -> Vec<u8> {
    cx.emit(Approve);
    Vec::new()
}

#[handler]
async fn work(_n: u8) {}

fn main() {
    let _ = flow! {
        streams flow_core::Asked<Approve>;
        timeout SECONDS;
        idle_timeout TEXT;
        max_events AT_A_TIME;
        concurrency AT_A_TIME;
        start -> begin -> each work[AT_A_TIME] -> ignore;
        ask Approve within SECONDS -> ignore else -> ignore
    };
}
