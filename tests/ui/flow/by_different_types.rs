// The field has another type in each event.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Paid {
    order: u32,
    price: f64,
    day: u64,
}

#[derive(Event)]
struct Packed {
    order: u32,
    price: f64,
    day: u32,
    shelf: u32,
}

#[handler(emits = ["Paid", "Packed"])]
async fn begin(cx: &Cx) {
    cx.emit(Paid {
        order: 1,
        price: 1.0,
        day: 1,
    });
    cx.emit(Packed {
        order: 1,
        price: 1.0,
        day: 1,
        shelf: 1,
    });
}

#[handler]
async fn ship((_paid, _packed): (Paid, Packed)) {}

fn main() {
    let _ = flow! {
        start -> begin;
        when Paid & Packed by .day -> ship
    };
}
