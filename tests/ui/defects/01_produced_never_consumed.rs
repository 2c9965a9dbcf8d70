// A step sends an event that no step takes: the invoice is never mailed.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Order(u32);

#[derive(Event)]
struct Invoice(u32);

#[derive(Event)]
struct Shipped(u32);

#[handler(emits = Order)]
async fn accept(cents: u32, cx: &Cx) {
    cx.emit(Order(cents));
}

#[handler(on = Order, emits = [Invoice, Shipped])]
async fn fulfil(Order(cents): Order, cx: &Cx) {
    cx.emit(Invoice(cents));
    cx.emit(Shipped(cents));
}

#[handler(on = Shipped)]
async fn close(Shipped(cents): Shipped) -> u32 {
    cents
}

fn main() {
    let _ = flow! {
        start(u32) -> accept;
        when Order -> fulfil;
        when Shipped -> close -> end
    };
}
