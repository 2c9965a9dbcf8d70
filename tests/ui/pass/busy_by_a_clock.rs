//! A clause with a clock keeps a flow busy while a handler takes longer than it may be idle.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Beat;

#[handler(timeout = "1m")]
async fn slow() -> u32 {
    1
}

#[handler]
async fn tell(cx: &Cx) {
    cx.put("still at work").await;
}

#[handler]
async fn beat() -> Beat {
    Beat
}

#[handler]
async fn log() {}

fn main() {
    let _ = flow! { idle_timeout "30s"; start -> slow -> end; every "10s" -> tell };
    let _ = flow! { idle_timeout "30s"; start -> slow -> end; every "10s" -> beat -> emit; when Beat -> log };
}
