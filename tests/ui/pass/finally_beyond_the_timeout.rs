//! The limits of an execution do not count in the `finally`, nor in what only it leads to.
use flow_core::{Answered, Asked, Cx, Ending, Event, flow, handler};

#[derive(Event)]
struct Undo(u32);

#[derive(Clone, Event)]
#[event(answer = bool)]
struct Review;

#[handler]
async fn begin() {}

#[handler(timeout = "1m")]
async fn settle(_ending: Ending) {}

#[handler(timeout = "1m", emits = Undo)]
async fn settle_and_undo(cx: &Cx) {
    cx.emit(Undo(1));
}

#[handler(timeout = "45s")]
async fn undo(_undo: Undo) {}

#[handler]
async fn question(_ending: Ending) -> Review {
    Review
}

#[handler]
async fn decide(_answered: Answered<Review>) {}

#[handler]
async fn expire(_review: Review) {}

fn main() {
    let _ = flow! { timeout "30s"; start -> begin; finally within "2m" -> settle };
    let _ = flow! { idle_timeout "30s"; start -> begin; finally within "2m" -> settle };
    let _ = flow! {
        timeout "30s";
        start -> begin;
        when Undo -> undo;
        finally within "2m" -> settle_and_undo;
    };
    let _ = flow! {
        streams Asked<Review>;
        timeout "30s";
        start -> begin;
        finally within "2m" -> question -> emit;
        ask Review within "1h" -> decide else -> expire;
    };
}
