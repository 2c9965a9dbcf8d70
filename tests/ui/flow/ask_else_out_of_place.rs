// The `else` of a question comes last in a stage, and after the route in a clause.
use flow_core::{Answered, Asked, Event, flow, handler};

#[derive(Clone, Event)]
#[event(answer = bool)]
struct Review(u32);

#[handler]
async fn draft(n: u32) -> Review {
    Review(n)
}

#[handler]
async fn lapse(_: Review) -> bool {
    false
}

#[handler]
async fn decide(_: Answered<Review>) {}

fn main() {
    let _ = flow! {
        streams Asked<Review>;
        start(u32) -> draft -> ask Review else lapse within "1h" -> decide
    };
    let _ = flow! {
        streams Asked<Review>;
        start(u32) -> draft -> emit;
        ask Review within "1h" else lapse -> decide
    };
}
