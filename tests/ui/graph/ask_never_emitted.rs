use flow_core::{Answered, Asked, Event, flow, handler};

#[derive(Clone, Event)]
#[event(answer = "bool")]
struct Review;

#[handler]
async fn draft() {}

#[handler]
async fn decide(answered: Answered<Review>) {
    let _ = answered;
}

fn main() {
    let _ = flow! {
        streams Asked<Review>;
        start -> draft;
        ask Review -> decide
    };
}
