// Words in another order, in another place or with other signs around them.
use flow_core::{Answered, Asked, Cx, Event, flow, handler};

#[derive(Clone, Event)]
struct Vote(u32);

#[derive(Event)]
struct Paid {
    order: u32,
}

#[derive(Event)]
struct Packed {
    order: u32,
}

#[derive(Clone, Event)]
#[event(answer = bool)]
struct Review(u32);

#[handler]
async fn number(n: u32) -> u32 {
    n
}

#[handler]
async fn work(n: u32) -> flow_core::Result<u32> {
    Ok(n)
}

#[handler]
async fn many(n: u32) -> Vec<u32> {
    vec![n]
}

#[handler]
async fn log() {}

#[handler]
async fn draft(n: u32) -> Review {
    Review(n)
}

#[handler]
async fn decide(_: Answered<Review>) {}

#[handler]
async fn give(n: u32) -> Vote {
    Vote(n)
}

#[handler(emits = [Paid, Packed])]
async fn both(cx: &Cx) {
    cx.emit(Paid { order: 1 });
    cx.emit(Packed { order: 1 });
}

#[handler]
async fn ship(_: (Paid, Packed)) {}

#[handler]
async fn tally(_: [Vote; 3]) {}

fn main() {
    let _ = flow! { start(u32) -> give -> emit Vote; when Vote -> log };
    let _ = flow! { streams Asked<Review>; start(u32) -> draft -> ask(Review) -> decide };
    let _ = flow! { start(u32) -> number -> .to_string() -> ignore };
    let _ = flow! { start(u32) -> first work, number -> ignore };
    let _ = flow! { start(u32) -> first [work, number] -> ignore };
    let _ = flow! { start(u32) -> race (work, number) -> ignore };
    let _ = flow! { start -> log -> every "5s" -> log };
    let _ = flow! { start -> both; when Paid and Packed by .order -> ship };
    let _ = flow! { start -> both; when Paid or Packed -> log };
    let _ = flow! { start -> both; when (Paid & Packed) -> ship };
    let _ = flow! { start -> both; when Paid.order & Packed.order -> ship };
    let _ = flow! { start -> both; when Paid & Packed by .order = .order -> ship };
    let _ = flow! { start -> both; when Paid & Packed within "5s" -> ship };
    let _ = flow! { start(u32) -> give -> emit; when Vote * 3 -> tally };
    let _ = flow! { start(u32) -> give -> emit; when 3 Vote -> tally };
    let _ = flow! { start(u32) -> give -> emit; when [Vote; 3] -> tally };
    let _ = flow! { start(u32) -> give -> emit; when Vote(n) where n > 3 -> log };
    let _ = flow! { start(u32) -> many -> each number(8) -> ignore };
    let _ = flow! { start(u32) -> work else 0 -> ignore };
    let _ = flow! { start(u32) -> number -> end(now) };
    let _ = flow! { start(u32) -> number -> end(number) };
    let _ = flow! { start(u32) -> number -> end later };
    let _ = flow! { start(u32) -> number -> now end };
    let _ = flow! { start(u32) -> number -> end_now };
    let _ = flow! { start(u32) -> number -> end; drain within "5s" -> log };
}
