//! Partners that may not come: on a path, in an arm, from outside, and too few or too many.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Approved;
#[derive(Event)]
struct Paid;
#[derive(Event)]
struct Vote;

#[handler(emits = Approved)]
async fn approve(n: u32, cx: &Cx) {
    if n > 3 {
        cx.emit(Approved);
    }
}
#[handler(emits = Approved)]
async fn approve_all(_: u32, cx: &Cx) {
    cx.emit(Approved);
}
#[handler(emits = Paid)]
async fn pay(_: u32, cx: &Cx) {
    cx.emit(Paid);
}
#[handler]
async fn which(n: u32) -> Option<u32> {
    n.checked_sub(1)
}
#[handler(emits = Vote)]
async fn vote(_: u32, cx: &Cx) {
    cx.emit(Vote);
}
#[handler]
async fn ship(_: (Approved, Paid)) {}
#[handler]
async fn count(_: [Vote; 2]) {}

fn main() {
    let _ = flow! {
        sound;
        start(u32) -> (approve, pay) -> ignore;
        when Approved & Paid -> ship;
    };
    let _ = flow! {
        sound;
        start(u32) -> which -> match { Some(n) => approve_all, None => |_: ()| 0 -> pay };
        when Approved & Paid -> ship;
    };
    let _ = flow! {
        sound;
        external Paid;
        start(u32) -> approve_all;
        when Approved & Paid -> ship;
    };
    let _ = flow! {
        sound;
        start(u32) -> (vote, vote, vote) -> ignore;
        when Vote[2] -> count;
    };
}
