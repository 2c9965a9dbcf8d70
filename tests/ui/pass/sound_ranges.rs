//! Of more than eight ways through a handler, the range of each event is enough here.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Noted(u32);
#[derive(Event)]
struct Passed(u32);
#[derive(Event)]
struct Paid;

/// It always emits one `Passed`.
#[handler(emits = [Noted, Passed])]
async fn check(n: u32, cx: &Cx) {
    for bit in 0..8 {
        if n >> bit & 1 == 1 {
            cx.emit(Noted(bit));
        }
    }
    cx.emit(Passed(n));
}

/// It emits one `Passed` or more.
#[handler(emits = Passed)]
async fn check_all(n: u32, cx: &Cx) {
    cx.emit(Passed(n));
    for bit in 0..9 {
        if n >> bit & 1 == 1 {
            cx.emit(Passed(bit));
        }
    }
}

/// One of eight ways.
#[handler(emits = Passed)]
async fn check_some(n: u32, cx: &Cx) {
    for bit in 0..7 {
        if n >> bit & 1 == 1 {
            cx.emit(Passed(bit));
        }
    }
    cx.emit(Passed(n));
}

#[handler(emits = Paid)]
async fn pay(_: u32, cx: &Cx) {
    cx.emit(Paid);
}
#[handler(on = Noted)]
async fn note() {}
#[handler]
async fn done(Passed(n): Passed) -> u32 {
    n
}
#[handler]
async fn ship(_: (Passed, Paid)) {}

fn main() {
    let _ = flow! { sound; start(u32) -> check; when Passed -> done -> end; when Noted -> note };
    let _ = flow! { sound; start(u32) -> check_all; when Passed -> done -> end now };
    let _ = flow! { sound; start(u32) -> check_some; when Passed -> done -> end now };
    let _ = flow! {
        sound;
        start(u32) -> (check, pay) -> ignore;
        when Passed & Paid -> ship;
        when Noted -> note;
    };
}
