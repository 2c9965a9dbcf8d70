//! Rescues, answers and `else`s lead to clauses where what they belong to is reached.
use flow_core::{Answered, Asked, Cx, Event, Result, flow, handler};

#[derive(Clone, Event)]
struct Go;

#[derive(Event)]
struct Paid;

#[derive(Clone, Event)]
#[event(answer = "bool")]
struct Review;

#[handler]
async fn begin() {}

#[handler]
async fn charge() -> Result<u32> {
    std::env::args().count().try_into().map_err(Into::into)
}

#[handler]
async fn number() -> u32 {
    1
}

#[handler]
async fn items() -> Vec<u32> {
    vec![1]
}

#[handler]
async fn send(_item: u32) -> Result<()> {
    Ok(())
}

#[handler(emits = Go)]
async fn try_again(cx: &Cx) {
    cx.emit(Go);
}

#[handler(emits = Review)]
async fn draft(cx: &Cx) {
    cx.emit(Review);
}

#[handler(emits = Review)]
async fn ask_again(answered: Answered<Review>, cx: &Cx) {
    if !answered.answer {
        cx.emit(Review);
    }
}

#[handler(emits = Go)]
async fn give_up(cx: &Cx) {
    cx.emit(Go);
}

#[handler(emits = Paid)]
async fn pay(cx: &Cx) {
    cx.emit(Paid);
}

#[handler]
async fn both(_pair: (Go, Paid)) {}

#[handler]
async fn note() {}

fn main() {
    // A rescue of what `start` leads to, before and after it in the text.
    let _ = flow! { start -> charge -> ignore; rescue charge -> try_again; when Go -> note };
    let _ = flow! { rescue -> try_again; when Go -> note; start -> charge -> ignore };
    let _ = flow! { start -> items -> each (send else skip) -> ignore; rescue items_again -> try_again; when Go -> items_again -> ignore; every "1s" -> items_again -> ignore };
    // The handler is reached elsewhere as well.
    let _ = flow! { flow -> u32; start -> charge -> end; rescue charge -> try_again; when Go -> charge -> end };
    // What fails in an arm, behind an `else`, and in a `finally`.
    let _ = flow! { start -> number -> match { 1 => charge, _ => number } -> ignore; rescue -> try_again; when Go -> note };
    let _ = flow! { start -> charge else charge -> ignore; rescue -> try_again; when Go -> note };
    // Answers, and questions that are not answered.
    let _ = flow! { streams Asked<Review>; start -> draft; ask Review -> ask_again };
    let _ = flow! {
        streams Asked<Review>;
        start -> draft;
        ask Review within "1h" -> ask_again else -> give_up;
        when Go -> note;
    };
    // The partner that comes leads to the one that does not.
    let _ = flow! { start -> pay; when Go & Paid -> both else -> give_up };
    let _ = flow! { external Go; start -> begin; when Go -> charge -> ignore; rescue -> pay; when Paid -> note };
}

#[handler]
async fn items_again() -> Result<u32> {
    Ok(1)
}
