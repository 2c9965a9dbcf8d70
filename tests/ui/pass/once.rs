//! Handlers that are called once: the relatives of `ui/sound/once.rs`.
use flow_core::{Cx, Event, Failed, Result, flow, handler};

#[derive(Event)]
struct Paid;
#[derive(Event)]
struct Packed;
#[derive(Event)]
struct Again;
#[derive(Event)]
struct Vote;

#[handler(once)]
async fn book(n: u32) -> Result<u32> {
    n.checked_add(1).ok_or("too many".into())
}
#[handler(once)]
async fn refund(_: Failed) {}
#[handler]
async fn weigh(n: u32) -> Option<u32> {
    n.checked_sub(1)
}
#[handler(emits = [Paid, Packed])]
async fn either(n: u32, cx: &Cx) {
    if n > 3 { cx.emit(Paid) } else { cx.emit(Packed) }
}
#[handler(emits = [Paid, Packed])]
async fn both(_: u32, cx: &Cx) {
    cx.emit(Paid);
    cx.emit(Packed);
}
#[handler(once)]
async fn notify(_: Paid) {}
#[handler(once)]
async fn ship(_: (Paid, Packed)) {}
#[handler(emits = Again)]
async fn begin(_: u32, cx: &Cx) {
    cx.emit(Again);
}
#[handler(emits = [Again, Paid])]
async fn again(_: Again, cx: &Cx) {
    tokio::task::yield_now().await;
    if std::env::args().len() > 1 {
        cx.emit(Again);
    } else {
        cx.emit(Paid);
    }
}
#[handler(once, on = [Paid, Packed])]
async fn tell() {}
#[handler(emits = Vote)]
async fn vote(_: u32, cx: &Cx) {
    cx.emit(Vote);
}
#[handler(once)]
async fn count(_: [Vote; 3]) {}
#[handler(once)]
async fn once(n: u32) -> u32 {
    n
}

flow! {
    flow Booking(u32) -> u32;
    start -> once -> end;
}

fn main() {
    let _ = flow! { start(u32) -> book -> ignore; rescue book -> refund };
    let _ = flow! { start(u32) -> weigh -> match { Some(n) => once -> ignore, None => |_: ()| 1 -> once -> ignore } };
    let _ = flow! { ignore Packed; start(u32) -> either; when Paid -> notify };
    let _ = flow! { start(u32) -> both; when Paid & Packed -> ship };
    // The loop comes to an end once.
    let _ = flow! { start(u32) -> begin; when Again -> again; when Paid -> notify };
    // One of the two comes.
    let _ = flow! { start(u32) -> either; when Paid | Packed -> tell };
    let _ = flow! { start(u32) -> (vote, vote, vote) -> ignore; when Vote[3] -> count };
    let _ = flow! { start(u32) -> Booking -> ignore };
}
