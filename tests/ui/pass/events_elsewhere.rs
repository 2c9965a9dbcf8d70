// Events of another file, and other types there that only share a name with an event.
use flow_core::{Cx, Event, flow, handler};

#[path = "events_elsewhere/events.rs"]
mod events;

use events::Invoice;
use events::Invoice as Bill;
use events::paper::*;

macro_rules! event {
    ($name:ident) => {
        #[derive(Event)]
        struct $name;
    };
}

event!(Voucher);

#[handler(emits = [Invoice, Voucher, Coupon])]
async fn begin(cx: &Cx) {
    cx.emit(Bill(1));
    cx.emit(Voucher);
    cx.emit(Coupon);
}

#[handler(on = Bill)]
async fn pay(_: Bill) {}

#[handler(on = Voucher)]
async fn redeem(_: Voucher) {}

#[handler(on = events::paper::Coupon)]
async fn keep(_: events::paper::Coupon) {}

fn main() {
    let _ = (events::Bill, events::Voucher);
    let paid = flow! {
        start -> begin;
        when Invoice -> pay;
        when Voucher -> redeem;
        when events::paper::Coupon -> keep
    };
    assert_eq!(paid.blocking_iter(()).count(), 0);
}
