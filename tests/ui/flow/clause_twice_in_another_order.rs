// A clause that is there twice: partners in another order, or a clock, by another path.
use flow_core::{Cx, Event, flow, handler};

#[derive(Clone, Event)]
struct Paid(u32);

#[derive(Clone, Event)]
struct Packed(u32);

#[handler(emits = [Paid, Packed])]
async fn buy(cx: &Cx) {
    cx.emit(Paid(1));
    cx.emit(Packed(1));
}

#[handler]
async fn ship() {}

#[handler]
async fn wait() -> u32 {
    1
}

fn main() {
    let _ = flow! {
        start -> buy;
        when Paid & Packed -> ship;
        when Packed & Paid -> ship
    };
    let _ = flow! {
        start -> buy;
        when Paid & Packed by .0 -> ship;
        when Packed & Paid by .0 -> self::ship
    };
    let _ = flow! {
        start -> wait -> end;
        every "1m" -> ship;
        every "60s" -> ship;
        every "1m" -> self::ship
    };
}
