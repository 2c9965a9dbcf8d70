// A type that is asked and answered, and does not derive `Event`.
use flow_core::{flow, handler};

#[derive(Debug)]
struct Review(u32);

#[handler]
async fn draft(number: u32) -> Review {
    Review(number)
}

#[handler]
async fn decide(answered: flow_core::Answered<Review>) -> bool {
    println!("{:?}", answered.question);
    answered.answer
}

#[derive(Clone)]
struct Consent;

#[handler(emits = Consent)]
async fn consent(cx: &flow_core::Cx) {
    cx.emit(Consent);
}

#[handler]
async fn go_on(_: flow_core::Answered<Consent>) {}

flow! {
    flow Consents;
    streams flow_core::Asked<Consent>;
    start -> consent;
    ask Consent -> go_on
}

fn main() {
    let _ = flow! { streams flow_core::Asked<Review>; start(u32) -> draft -> ask Review -> decide -> end };
}
