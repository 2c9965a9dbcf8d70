// A join of two branches of which only one is taken.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Approved(u32);

#[derive(Event)]
struct Rejected(u32);

#[handler(emits = [Approved, Rejected])]
async fn review(cents: u32, cx: &Cx) {
    if cents < 10_000 {
        cx.emit(Approved(cents));
    } else {
        cx.emit(Rejected(cents));
    }
}

#[handler]
async fn report((Approved(one), Rejected(other)): (Approved, Rejected)) -> u32 {
    one + other
}

fn main() {
    let _ = flow! {
        start(u32) -> review;
        when Approved & Rejected -> report -> end
    };
}
