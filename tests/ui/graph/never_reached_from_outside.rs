// Clauses that only a rescue, an answer or an `else` leads to that they themselves lead to.
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

#[handler(emits = Go)]
async fn try_again(cx: &Cx) {
    cx.emit(Go);
}

#[handler(emits = Review)]
async fn ask_again(_answered: Answered<Review>, cx: &Cx) {
    cx.emit(Review);
}

#[handler(emits = Go)]
async fn find_a_partner(cx: &Cx) {
    cx.emit(Go);
}

#[handler(emits = Paid)]
async fn pay(cx: &Cx) {
    cx.emit(Paid);
}

#[handler]
async fn both(_pair: (Go, Paid)) {}

#[handler(emits = [Go, Paid])]
async fn two(cx: &Cx) {
    cx.emit(Go);
    cx.emit(Paid);
}

#[handler]
async fn number() -> u32 {
    1
}

fn main() {
    let _ = flow! {
        flow -> u32;
        start -> begin;
        rescue charge -> try_again;
        when Go -> charge -> end;
    };
    let _ = flow! { start -> begin; when Go -> charge -> ignore; rescue -> try_again };
    let _ = flow! { start -> charge else number -> ignore; when Go -> charge -> ignore; rescue -> try_again };
    let _ = flow! { streams Asked<Review>; start -> begin; ask Review -> ask_again };
    let _ = flow! { start -> begin; when Go & Paid -> both else -> two };
    let _ = flow! { start -> pay; when Go & Paid -> both; when Go -> find_a_partner };
}
