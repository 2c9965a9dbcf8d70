// A handler's name behind `ask`, in place of the question that it returns.
use flow_core::{Answered, Asked, Event, flow, handler};

#[derive(Clone, Event)]
#[event(answer = bool)]
struct Review(u32);

#[handler]
async fn draft(n: u32) -> Review {
    Review(n)
}

#[handler]
async fn decide(_: Answered<Review>) {}

fn main() {
    let _ = flow! { streams Asked<Review>; start(u32) -> draft -> ask draft -> decide };
    let _ = flow! { streams Asked<Review>; start(u32) -> draft -> emit; ask draft -> decide };
}
