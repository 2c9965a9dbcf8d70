//! Several clauses for one event, which differ in a handler, in a module, in the order or in a limit.
use flow_core::{Cx, Event, flow, handler};

#[derive(Clone, Event)]
struct Paid;

#[derive(Clone, Event)]
struct Packed;

#[handler(emits = [Paid, Packed])]
async fn begin(cx: &Cx) {
    cx.emit(Paid);
    cx.emit(Packed);
}

#[handler]
async fn note() {}

#[handler]
async fn log() {}

mod other {
    #[flow_core::handler]
    pub async fn note() {}
}

use other::note as note_elsewhere;

#[handler]
async fn numbers() -> Vec<u32> {
    vec![1]
}

#[handler]
async fn print(_n: u32) {}

fn main() {
    let _ = flow! { ignore Packed; start -> begin; when Paid -> note; when Paid -> log; when Paid -> note_elsewhere };
    let _ = flow! { start -> begin; when Paid & Packed -> note; when Paid & Packed -> other::note };
    let _ = flow! { ignore Packed; start -> begin; when Paid -> note -> log; when Paid -> log -> note };
    let _ = flow! {
        ignore Packed;
        start -> begin;
        when Paid -> numbers -> each print[2] -> ignore;
        when Paid -> numbers -> each print[3] -> ignore;
    };
    let _ = flow! { start -> begin; when Paid -> note; when Packed -> note };
}
