// Partners of which an execution emits one, as its route, an answer or a failure decides.
use flow_core::{Answered, Asked, Cx, Event, Events, Result, flow, handler};

#[derive(Clone, Event)]
struct Draft(String);

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

#[handler(emits = Approved)]
async fn approve(cx: &Cx) {
    cx.emit(Approved);
}

#[handler(emits = Approved)]
async fn approve_at_once(cx: &Cx) {
    cx.emit(Approved);
}

#[handler(emits = Rejected)]
async fn reject(cx: &Cx) {
    cx.emit(Rejected);
}

#[handler(emits = Review)]
async fn draft(cx: &Cx) {
    cx.emit(Review);
}

#[handler(emits = Approved)]
async fn decide(_answered: Answered<Review>, cx: &Cx) {
    cx.emit(Approved);
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
async fn note_paid(cx: &Cx) {
    cx.emit(Paid);
}

#[derive(Events)]
enum Verdict {
    Approved(Approved),
    Rejected(Rejected),
}

#[handler]
async fn judge() -> Verdict {
    if std::env::args().count() > 1 {
        Verdict::Approved(Approved)
    } else {
        Verdict::Rejected(Rejected)
    }
}

#[handler]
async fn archive(_both: (Approved, Rejected)) {}

#[handler]
async fn refund(_both: (Paid, Rejected)) {}

#[handler]
async fn both(_both: (Approved, Paid)) {}

fn main() {
    // Two arms of three lead to `Approved`.
    let _ = flow! {
        start -> amount -> match {
            0 => approve_at_once,
            n if n < 10 => approve,
            _ => reject,
        };
        when Approved & Rejected -> archive;
    };
    // One of them is further away.
    let _ = flow! {
        start -> amount -> match { n if n < 10 => approve, _ => reject };
        when Approved -> note_paid;
        when Paid & Rejected -> refund;
    };
    let _ = flow! {
        streams Asked<Review>;
        start -> draft;
        ask Review within "1h" -> decide else -> reject;
        when Approved & Rejected -> archive;
    };
    let _ = flow! { start -> pay; rescue pay -> reject; when Paid & Rejected -> refund };
    let _ = flow! { ignore Paid; start -> pay -> approve; rescue -> reject; when Approved & Rejected -> archive };
    let _ = flow! { ignore Paid; start -> (pay -> approve) else reject; when Approved & Rejected -> archive };
    let _ = flow! { start -> judge -> emit; when Approved & Rejected -> archive };
}
