// A reminder that cannot fail needs no rescue.
use flow_core::{Answered, Asked, BoxError, Event, Failed, flow, handler};

#[derive(Clone, Event)]
#[event(answer = bool)]
struct Review;

#[handler]
async fn drafts() -> Vec<Review> {
    vec![Review]
}

#[handler]
async fn remind(_review: Review) {}

#[handler]
async fn note(_failed: Failed<BoxError>) {}

#[handler]
async fn decide(_answered: Answered<Review>) {}

fn main() {
    let _ = flow! {
        streams Asked<Review>;
        start -> drafts -> each (ask Review every "1h" remind -> decide) -> ignore;
        rescue remind -> note
    };
}
