// The question has lapsed, or the flow has ended, before the first reminder.
use flow_core::{Answered, Asked, Event, flow, handler};

#[derive(Clone, Event)]
#[event(answer = bool)]
struct Review;

#[handler]
async fn draft() -> Review {
    Review
}

#[handler]
async fn remind(_review: Review) {}

#[handler]
async fn lapse(_review: Review) -> bool {
    false
}

#[handler]
async fn decide(_answered: Answered<Review>) {}

fn main() {
    let _ = flow! {
        streams Asked<Review>;
        start -> draft -> ask Review within "24h" every "24h" remind else lapse -> decide
    };
    let _ = flow! {
        streams Asked<Review>;
        start -> draft -> emit;
        ask Review within "1h" every "90m" remind -> decide else -> ignore
    };
    let _ = flow! {
        streams Asked<Review>;
        timeout "1h";
        start -> draft -> ask Review every "2h" remind -> decide
    };
}
