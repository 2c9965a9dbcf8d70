//! A handler that is marked `once`, and may run again: in an `each`, in a loop, for a second event,
//! in two branches, in a stage, in two flows, and as a reminder.
use flow_core::{Asked, Cx, Event, flow, handler};

#[derive(Event)]
struct Paid;
#[derive(Event)]
struct Shipped;
#[derive(Event)]
struct Again;

#[derive(Event, Clone)]
#[event(answer = ())]
struct Review;

#[handler]
async fn split(n: u32) -> Vec<u32> {
    vec![n]
}
#[handler(once)]
async fn book(_: u32) {}
#[handler(once, on = [Paid, Shipped])]
async fn notify() {}
#[handler(emits = [Paid, Shipped])]
async fn sell(_: u32, cx: &Cx) {
    cx.emit(Paid);
    cx.emit(Shipped);
}
#[handler(emits = Again)]
async fn begin(_: u32, cx: &Cx) {
    cx.emit(Again);
}
#[handler(once, emits = Again)]
async fn again(Again: Again, cx: &Cx) {
    tokio::task::yield_now().await;
    if std::env::args().len() > 1 {
        cx.emit(Again);
    }
}

#[handler(emits = Review)]
async fn draft(_: u32, cx: &Cx) {
    cx.emit(Review);
}
#[handler(once)]
async fn remind() {}
#[handler]
async fn reviewed() {}

flow! {
    flow Booking(u32);
    start -> book;
}
flow! {
    flow Trip(u32);
    start -> Booking;
}
flow! {
    flow Journey(u32);
    start -> book;
}

fn main() {
    let _ = flow! { start(u32) -> split -> each book };
    let _ = flow! { start(u32) -> sell; when Paid | Shipped -> notify };
    let _ = flow! { start(u32) -> begin; when Again -> again };
    let _ = flow! { start(u32) -> (book, book) };
    let _ = flow! { start(u32) -> split -> each Booking };
    let _ = flow! { start(u32) -> (book, Trip) };
    let _ = flow! { start(u32) -> (Booking, Journey) };
    let _ = flow! { external Paid; ignore Shipped; start(u32) -> sell; when Paid -> notify };
    let _ = flow! { streams Asked<Review>; start(u32) -> draft; ask Review every "1h" remind -> reviewed };
}
