// The same clause, whose handler has another name, and the same for partners.
use flow_core::{Cx, Event, flow, handler};

use self::note as remark;

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
async fn number() -> u32 {
    1
}

#[handler]
async fn log(_n: u32) {}

use self::log as record;

fn main() {
    let _ = flow! { ignore Packed; start -> begin; when Paid -> note; when Paid -> remark };
    let _ = flow! { start -> begin; when Paid & Packed -> note; when Paid & Packed -> self::note };
    let _ = flow! {
        ignore Packed;
        start -> begin;
        when Paid -> number -> log;
        when Paid -> number -> record;
    };
}
