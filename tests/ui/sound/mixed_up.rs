//! Pairs of several orders, in the order in which they happen to come.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event, Clone)]
struct Order(u32);
#[derive(Event)]
struct Approved {
    order: u32,
}
#[derive(Event)]
struct Paid {
    order: u32,
}

#[handler(emits = Order)]
async fn begin(cx: &Cx) {
    for n in 0..2 {
        cx.emit(Order(n));
    }
}
#[handler(emits = Approved)]
async fn approve(Order(order): Order, cx: &Cx) {
    cx.emit(Approved { order });
}
#[handler(emits = Paid)]
async fn pay(Order(order): Order, cx: &Cx) {
    cx.emit(Paid { order });
}
#[handler]
async fn ship(_: (Approved, Paid)) {}

fn main() {
    let _ = flow! {
        sound;
        start -> begin;
        when Order -> approve;
        when Order -> pay;
        when Approved & Paid -> ship;
    };
}
