// A stage `ask` without its question.
use flow_core::{Answered, Event, flow, handler};

#[derive(Clone, Event)]
#[event(answer = bool)]
struct Review(u32);

#[handler]
async fn draft(number: u32) -> Review {
    Review(number)
}

#[handler]
async fn decide(_: Answered<Review>) {}

fn main() {
    let _ = flow! { streams flow_core::Asked<Review>; start(u32) -> draft -> ask -> decide };
}
