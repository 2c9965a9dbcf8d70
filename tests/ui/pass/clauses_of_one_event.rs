//! Several clauses for one event, which differ in a handler, in a module, in the order, in a limit or in
//! a closure, and clauses for events that have the same name in different modules.
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

#[handler]
async fn number() -> u32 {
    1
}

mod few {
    use flow_core::{Cx, Event, handler};

    pub const MOST: usize = 2;

    pub fn scaled(n: u32) -> u32 {
        n
    }

    #[derive(Clone, Event)]
    pub struct Sent;

    #[handler(emits = Sent)]
    pub async fn send(cx: &Cx) {
        cx.emit(Sent);
    }
}

mod many {
    use flow_core::{Cx, Event, handler};

    pub const MOST: usize = 20;

    pub fn scaled(n: u32) -> u32 {
        10 * n
    }

    #[derive(Clone, Event)]
    pub struct Sent;

    #[handler(emits = Sent)]
    pub async fn send(cx: &Cx) {
        cx.emit(Sent);
    }
}

fn main() {
    let _ = flow! { ignore Packed; start -> begin; when Paid -> note; when Paid -> log; when Paid -> note_elsewhere };
    let _ = flow! { start -> begin; when Paid & Packed -> note; when Paid & Packed -> other::note };
    let _ =
        flow! { ignore Packed; start -> begin; when Paid -> note -> log; when Paid -> log -> note };
    let _ = flow! {
        ignore Packed;
        start -> begin;
        when Paid -> numbers -> each print[2] -> ignore;
        when Paid -> numbers -> each print[3] -> ignore;
    };
    let _ = flow! { start -> begin; when Paid -> note; when Packed -> note };
    let _ = flow! {
        ignore Packed;
        start -> begin;
        when Paid -> numbers -> each print[few::MOST] -> ignore;
        when Paid -> numbers -> each print[many::MOST] -> ignore;
    };
    let _ = flow! {
        ignore Packed;
        start -> begin;
        when Paid -> number -> |n| few::scaled(n) -> print;
        when Paid -> number -> |n| many::scaled(n) -> print;
    };
    let _ = flow! {
        ignore Packed;
        start -> begin;
        when Paid[few::MOST] -> note else -> ignore;
        when Paid[many::MOST] -> note else -> ignore;
    };
    let _ =
        flow! { start -> few::send -> many::send; when few::Sent -> note; when many::Sent -> note };
    let _ = flow! { start -> few::send -> many::send; when few::Sent | many::Sent -> note };
    let _ = flow! {
        ignore Packed;
        start -> (few::send, many::send, begin) -> ignore;
        when few::Sent & Paid -> note;
        when many::Sent & Paid -> note;
    };
}
