//! Two events have one name, and each has its clause.
use flow_core::{Cx, flow, handler};

mod orders {
    #[derive(flow_core::Event)]
    pub struct Done;
}

mod bills {
    #[derive(flow_core::Event)]
    pub struct Done;
}

use bills::Done;

#[handler(emits = [orders::Done, Done])]
async fn order(cx: &Cx) {
    cx.emit(orders::Done);
    cx.emit(Done);
}

#[handler]
async fn archive() {}

#[handler]
async fn pay() {}

fn main() {
    let _ = flow! {
        start -> order;
        when Done -> pay;
        when orders::Done -> archive
    };
    let _ = flow! {
        start -> order;
        when Done -> pay;
        ignore orders::Done
    };
}
