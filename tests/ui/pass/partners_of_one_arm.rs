//! Partners that different ways lead to may meet where these ways are taken more than once, or where
//! one way leads to both.
use flow_core::{Answered, Asked, Cx, Event, Result, flow, handler};

#[derive(Clone, Event)]
struct Draft;

#[derive(Clone, Event)]
#[event(answer = "bool")]
struct Review;

#[derive(Clone, Event)]
struct Approved;

#[derive(Clone, Event)]
struct Rejected;

#[derive(Clone, Event)]
struct Paid;

#[handler]
async fn amount() -> u32 {
    3
}

#[handler]
async fn amounts() -> Vec<u32> {
    vec![3, 30]
}

#[handler(emits = Approved)]
async fn approve(cx: &Cx) {
    cx.emit(Approved);
}

#[handler(emits = Rejected)]
async fn reject(cx: &Cx) {
    cx.emit(Rejected);
}

#[handler(emits = [Approved, Rejected])]
async fn both_verdicts(cx: &Cx) {
    cx.emit(Approved);
    cx.emit(Rejected);
}

#[handler(emits = Draft)]
async fn two_drafts(cx: &Cx) {
    cx.emit(Draft);
    cx.emit(Draft);
}

#[handler(emits = Review)]
async fn draft(cx: &Cx) {
    cx.emit(Review);
}

#[handler(emits = Review)]
async fn two_reviews(cx: &Cx) {
    cx.emit(Review);
    cx.emit(Review);
}

#[handler(emits = Approved)]
async fn decide(_answered: Answered<Review>, cx: &Cx) {
    cx.emit(Approved);
}

#[handler(emits = [Approved, Review])]
async fn decide_and_ask(answered: Answered<Review>, cx: &Cx) {
    cx.emit(Approved);
    if answered.answer {
        cx.emit(Review);
    }
}

#[handler(emits = Paid)]
async fn pay(cx: &Cx) -> Result<()> {
    if std::env::args().count() > 1 {
        return Err("declined".into());
    }
    cx.emit(Paid);
    Ok(())
}

#[handler(emits = Paid)]
async fn pay_first(cx: &Cx) -> Result<()> {
    cx.emit(Paid);
    if std::env::args().count() > 1 {
        return Err("declined".into());
    }
    Ok(())
}

#[handler(emits = Paid, timeout = "1s")]
async fn pay_in_time(cx: &Cx) -> Result<()> {
    cx.emit(Paid);
    std::future::pending().await
}

#[handler(emits = Paid, retry(attempts = 2))]
async fn pay_twice(cx: &Cx) -> Result<()> {
    if cx.attempt() == 1 {
        return Err("declined".into());
    }
    cx.emit(Paid);
    Ok(())
}

#[handler]
async fn archive(_both: (Approved, Rejected)) {}

#[handler]
async fn refund(_both: (Paid, Rejected)) {}

fn main() {
    // More than one choice.
    let _ = flow! {
        start -> amounts -> each (match { 0 => approve, _ => reject }) -> ignore;
        when Approved & Rejected -> archive;
    };
    let _ = flow! {
        start -> two_drafts;
        when Draft -> amount -> match { 0 => approve, _ => reject };
        when Approved & Rejected -> archive;
    };
    let _ = flow! {
        start -> amount -> match { 0 => approve, _ => reject };
        every "1s" -> amount -> match { 0 => approve, _ => reject };
        when Approved & Rejected -> archive;
    };
    let _ = flow! {
        external Draft;
        start -> amount -> ignore;
        when Draft -> amount -> match { 0 => approve, _ => reject };
        when Approved & Rejected -> archive;
    };
    // An arm leads to both, and two branches run.
    let _ = flow! {
        start -> amount -> match { 0 => approve, 1 => both_verdicts, _ => reject };
        when Approved & Rejected -> archive;
    };
    let _ = flow! { start -> (approve, reject) -> ignore; when Approved & Rejected -> archive };
    let _ = flow! {
        start -> amount -> match { 0 => approve, _ => reject };
        when Rejected -> approve;
        when Approved & Rejected -> archive;
    };
    let _ = flow! {
        start -> amount -> match { 0 => approve, _ => reject } -> reject;
        when Approved & Rejected -> archive;
    };
    // Two questions, one after or beside the other.
    let _ = flow! {
        streams Asked<Review>;
        start -> two_reviews;
        ask Review within "1h" -> decide else -> reject;
        when Approved & Rejected -> archive;
    };
    let _ = flow! {
        streams Asked<Review>;
        start -> draft;
        ask Review within "1h" -> decide_and_ask else -> reject;
        when Approved & Rejected -> archive;
    };
    // A handler that emits before it fails, or in another attempt.
    let _ = flow! { start -> pay_first; rescue pay_first -> reject; when Paid & Rejected -> refund };
    let _ = flow! { start -> pay_in_time; rescue -> reject; when Paid & Rejected -> refund };
    // Another one fails.
    let _ = flow! { start -> pay -> pay_twice; rescue -> reject; when Paid & Rejected -> refund };
    let _ = flow! { start -> (pay, pay_twice else reject) -> ignore; when Paid & Rejected -> refund };
    // What follows the stand-in follows the handler as well.
    let _ = flow! { ignore Paid; start -> pay else reject -> approve; when Approved & Rejected -> archive };
}
