// A field that no event has: one error for all of them.
use flow_core::{Event, flow, handler};

#[derive(Event)]
struct Paid {
    order: u64,
}

#[derive(Event)]
struct Packed {
    order: u64,
}

#[handler]
async fn both(order: u64) -> (Paid, Packed) {
    (Paid { order }, Packed { order })
}

#[handler]
async fn ship(_: (Paid, Packed)) {}

fn main() {
    let _ = flow! { start(u64) -> both -> emit; when Paid & Packed by .odrer -> ship };
}
