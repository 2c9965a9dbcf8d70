// A reminder takes the question, the tick, or both, and returns nothing.
use std::time::Duration;

use flow_core::{Answered, Asked, Event, flow, handler};

#[derive(Clone, Event)]
#[event(answer = bool)]
struct Review;

const NEVER: Duration = Duration::ZERO;

#[handler]
async fn draft() -> Review {
    Review
}

#[handler]
async fn nudge(_text: String) {}

#[handler]
async fn counts(_review: Review) -> u32 {
    1
}

async fn forgotten(_review: Review) {}

#[handler]
async fn remind(_review: Review) {}

#[handler]
async fn decide(_answered: Answered<Review>) {}

fn main() {
    let _ = flow! { streams Asked<Review>; start -> draft -> ask Review every "1h" nudge -> decide };
    let _ = flow! { streams Asked<Review>; start -> draft -> ask Review every "1h" counts -> decide };
    let _ = flow! { streams Asked<Review>; start -> draft -> ask Review every "1h" forgotten -> decide };
    let _ = flow! { streams Asked<Review>; start -> draft -> ask Review every NEVER remind -> decide };
    let _ = flow! {
        streams Asked<Review>;
        start -> draft -> emit;
        ask Review every "1h" nudge -> decide
    };
}
