// A clause waits for another event than the one of that name that is emitted.
use flow_core::{Cx, Event, flow, handler};

mod orders {
    #[derive(flow_core::Event)]
    pub struct Done;
}

mod bills {
    #[derive(flow_core::Event)]
    pub struct Done;
}

use bills::Done;

#[derive(Event)]
struct Sent;

#[handler(emits = [orders::Done, Sent])]
async fn order(cx: &Cx) {
    cx.emit(orders::Done);
    cx.emit(Sent);
}

#[handler]
async fn archive() {}

fn main() {
    let _ = flow! {
        start -> order;
        when Done -> archive;
        when Sent -> archive
    };
}
