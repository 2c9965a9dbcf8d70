//! Partners that certainly meet: the relatives of `ui/sound/left_over.rs` and `mixed_up.rs`.
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
#[derive(Event)]
struct Vote;
#[derive(Event)]
struct Settled;

#[handler(emits = Order)]
async fn begin(n: u32, cx: &Cx) {
    cx.emit(Order(n));
}
#[handler(emits = Order)]
async fn begin_many(n: u32, cx: &Cx) {
    for n in 0..n {
        cx.emit(Order(n));
    }
}
#[handler(emits = Approved)]
async fn approve(Order(order): Order, cx: &Cx) {
    cx.emit(Approved { order });
}
#[handler(emits = Paid)]
async fn pay(Order(order): Order, cx: &Cx) {
    if order > 3 {
        cx.emit(Paid { order: 3 });
    } else {
        cx.emit(Paid { order });
    }
}
#[handler(emits = [Approved, Paid])]
async fn both_or_none(order: u32, cx: &Cx) {
    if order > 3 {
        cx.emit(Approved { order });
        cx.emit(Paid { order });
    }
}
#[handler(emits = Approved)]
async fn approve_some(Order(order): Order, cx: &Cx) {
    if order > 3 {
        cx.emit(Approved { order });
    }
}
#[handler]
async fn ship((_approved, _paid): (Approved, Paid)) -> u32 {
    1
}
#[handler(emits = [Order, Settled])]
async fn again((approved, paid): (Approved, Paid), cx: &Cx) {
    if approved.order > paid.order {
        cx.emit(Order(1));
    } else {
        cx.emit(Settled);
    }
}
#[handler]
async fn settled(_: Settled) -> u32 {
    1
}
#[handler]
async fn late(_: Vote) -> u32 {
    0
}
#[handler(emits = Vote)]
async fn two_or_more(n: u32, cx: &Cx) {
    cx.emit(Vote);
    cx.emit(Vote);
    for _ in 0..n {
        cx.emit(Vote);
    }
}
#[handler(emits = Vote)]
async fn vote(_: u32, cx: &Cx) {
    cx.emit(Vote);
}
#[handler(emits = Vote)]
async fn two_or_four(n: u32, cx: &Cx) {
    cx.emit(Vote);
    cx.emit(Vote);
    if n > 3 {
        cx.emit(Vote);
        cx.emit(Vote);
    }
}
#[handler]
async fn count(_: [Vote; 2]) {}
#[handler]
async fn counted_two(_: [Vote; 2]) -> u32 {
    2
}
#[handler]
async fn counted(_: [Vote; 3]) -> u32 {
    3
}

fn main() {
    // Both come from one order.
    let _ = flow! {
        sound;
        start(u32) -> begin;
        when Order -> approve;
        when Order -> pay;
        when Approved & Paid -> ship -> end;
    };
    // The next order comes when both are through.
    let _ = flow! {
        sound;
        start(u32) -> begin;
        when Order -> approve;
        when Order -> pay;
        when Approved & Paid -> again;
        when Settled -> settled -> end;
    };
    // A field tells which belong together.
    let _ = flow! {
        sound;
        start(u32) -> begin_many;
        when Order -> approve;
        when Order -> pay;
        when Approved & Paid by .order -> ship -> ignore;
    };
    let _ = flow! {
        sound;
        external Order;
        start -> |_: ()| 1 -> begin;
        when Order -> approve;
        when Order -> pay;
        when Approved & Paid by .order -> ship -> ignore;
    };
    // None of either is as many.
    let _ = flow! {
        sound;
        start(u32) -> both_or_none;
        when Approved & Paid -> ship -> ignore;
    };
    // What is left over has a clause.
    let _ = flow! {
        sound;
        start(u32) -> begin;
        when Order -> approve_some;
        when Order -> pay;
        when Approved & Paid -> ship -> ignore else -> ignore;
    };
    // And if it leads to the end as well, the flow never stops short.
    let _ = flow! {
        sound;
        start(u32) -> two_or_more;
        when Vote[2] -> counted_two -> end else -> late -> end;
    };
    let _ = flow! { sound; start(u32) -> (vote, vote, vote) -> ignore; when Vote[3] -> counted -> end };
    let _ = flow! { sound; start(u32) -> two_or_four; when Vote[2] -> count };
}
