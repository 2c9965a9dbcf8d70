// Several events without the brackets of a list.
use flow_core::{Cx, Event, handler};

#[derive(Event)]
struct Paid;

#[derive(Event)]
struct Packed;

#[handler(on = Paid | Packed)]
async fn ship() {}

#[handler(emits = Paid, Packed)]
async fn sell(cx: &Cx) {
    cx.emit(Paid);
    cx.emit(Packed);
}

fn main() {}
