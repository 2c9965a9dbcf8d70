// The same clause twice, with a chain.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event, Clone)]
struct Asked(u32);

#[handler(emits = "Asked")]
async fn begin(cx: &Cx) {
    cx.emit(Asked(3));
}

#[handler(on = "Asked")]
async fn count(Asked(n): Asked) -> Vec<u32> {
    vec![n]
}

#[handler]
async fn work(_n: u32) {}

fn main() {
    let _ = flow! {
        start -> begin;
        when Asked -> count -> each work[8] -> ignore;
        when Asked -> count -> each work[8] -> ignore
    };
}
