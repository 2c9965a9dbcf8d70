//! Macros that are not known: one may return before the handler emits, another gets its context.
use flow_core::{Cx, Event, flow, handler};

macro_rules! leave_if {
    ($condition:expr) => {
        if $condition {
            return;
        }
    };
}
macro_rules! leave_unless {
    ($condition:expr) => {
        if !$condition {
            return;
        }
    };
}
macro_rules! say {
    ($cx:ident, $event:expr) => {
        $cx.emit($event)
    };
}

#[derive(Event)]
struct Passed(u32);
#[derive(Event)]
struct Paid;

#[handler(emits = Passed)]
async fn check(n: u32, cx: &Cx) {
    println!("{n}");
    leave_if!(n > 3);
    cx.emit(Passed(n));
}
#[handler(emits = Passed)]
async fn tell(n: u32, cx: &Cx) {
    say!(cx, Passed(n));
}
#[handler(emits = Paid)]
async fn pay(n: u32, cx: &Cx) {
    leave_unless!(n > 1);
    cx.emit(Paid);
}
#[handler]
async fn done(Passed(n): Passed) -> u32 {
    n
}
#[handler]
async fn ship(_: (Passed, Paid)) {}
#[handler(emits = Passed)]
async fn pass(n: u32, cx: &Cx) {
    cx.emit(Passed(n));
}

fn main() {
    let _ = flow! { sound; start(u32) -> check; when Passed -> done -> end };
    let _ = flow! { sound; start(u32) -> tell; when Passed -> done -> end };
    let _ = flow! { sound; start(u32) -> (pass, pay) -> ignore; when Passed & Paid -> ship };
}
