// A handler for events that wait for each other, declared `on` each of them.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Paid(u32);

#[derive(Event)]
struct Packed(u32);

#[handler(emits = [Paid, Packed])]
async fn order(n: u32, cx: &Cx) {
    cx.emit(Paid(n));
    cx.emit(Packed(n));
}

#[handler(on = [Paid, Packed])]
async fn ship((paid, packed): (Paid, Packed)) {
    assert_eq!(paid.0, packed.0);
}

fn main() {
    let _ = flow! { start(u32) -> order; when Paid & Packed by .0 -> ship };
}
