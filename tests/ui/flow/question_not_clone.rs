// Questions that are not `Clone`, in a stage and in a clause.
use flow_core::{Answered, Asked, Cx, Event, flow, handler};

#[derive(Event)]
#[event(answer = bool)]
struct Review(u32);

#[derive(Event)]
#[event(answer = bool)]
struct Approve(u32);

#[handler]
async fn review(n: u32) -> Review {
    Review(n)
}

#[handler(emits = Approve)]
async fn approve(n: u32, cx: &Cx) {
    cx.emit(Approve(n));
}

#[handler]
async fn reviewed(_: Answered<Review>) {}

#[handler]
async fn approved(_: Answered<Approve>) {}

fn main() {
    let _ = flow! {
        streams Asked<Review>;
        start(u32) -> review -> ask Review -> reviewed
    };
    let _ = flow! {
        streams Asked<Approve>;
        start(u32) -> approve;
        ask Approve -> approved
    };
}
