// A join that waits for an event which no step sends.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Order(u32);

#[derive(Event)]
struct Packed(u32);

#[derive(Event)]
struct Paid(u32);

#[handler(emits = Order)]
async fn accept(number: u32, cx: &Cx) {
    cx.emit(Order(number));
}

#[handler(on = Order, emits = Packed)]
async fn pack(Order(number): Order, cx: &Cx) {
    cx.emit(Packed(number));
}

#[handler]
async fn ship((Packed(number), Paid(_)): (Packed, Paid)) -> u32 {
    number
}

fn main() {
    let _ = flow! {
        start(u32) -> accept;
        when Order -> pack;
        when Packed & Paid -> ship -> end
    };
}
