use flow_core::{Answered, Asked, Event, flow, handler};

#[derive(Clone, Event)]
#[event(answer = bool)]
struct Review(u32);

#[handler]
async fn draft(number: u32) -> Review {
    Review(number)
}

#[handler]
async fn number(number: u32) -> u32 {
    number
}

#[handler]
async fn numbers(number: u32) -> Vec<u32> {
    vec![number]
}

#[handler]
async fn decide(_: Answered<Review>) {}

#[handler]
async fn decided(_: bool) {}

#[handler]
async fn lapse(_: Review) -> u32 {
    3
}

#[handler]
async fn lapsed(_: u32) -> bool {
    false
}

#[handler]
async fn count(_: Vec<()>) {}

fn main() {
    // What arrives is not the question.
    let _ = flow! { streams Asked<Review>; start(u32) -> number -> ask Review -> decide };
    let _ = flow! {
        streams Asked<Review>;
        start(u32) -> numbers -> each (ask Review -> decide) -> count
    };
    // The next stage takes the answer with its question.
    let _ = flow! { streams Asked<Review>; start(u32) -> draft -> ask Review -> decided };
    // Not an answer, and not from the question.
    let _ = flow! { streams Asked<Review>; start(u32) -> draft -> ask Review else lapse -> decide };
    let _ = flow! { streams Asked<Review>; start(u32) -> draft -> ask Review else lapsed -> decide };
}
