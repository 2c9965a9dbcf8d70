//! Of more than eight ways through a handler, only the range of each event is known.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Passed(u32);
#[derive(Event)]
struct Paid;

#[handler(emits = Passed)]
async fn check(n: u32, cx: &Cx) {
    for bit in 0..8 {
        if n >> bit & 1 == 1 {
            cx.emit(Passed(bit));
        }
    }
}
#[handler(emits = Passed)]
async fn check_all(n: u32, cx: &Cx) {
    for bit in 0..8 {
        if n >> bit & 1 == 1 {
            cx.emit(Passed(bit));
        }
    }
    while n > 9 {
        cx.emit(Passed(n));
    }
}
#[handler(emits = Paid)]
async fn pay(_: u32, cx: &Cx) {
    cx.emit(Paid);
}
#[handler]
async fn done(Passed(n): Passed) -> u32 {
    n
}
#[handler]
async fn ship(_: (Passed, Paid)) {}

fn main() {
    let _ = flow! { sound; start(u32) -> check; when Passed -> done -> end };
    let _ = flow! { sound; start(u32) -> check_all; when Passed -> done -> end };
    let _ = flow! { sound; start(u32) -> (check, pay) -> ignore; when Passed & Paid -> ship };
}
