use flow_core::{Answered, Asked, Cx, Ending, Event, Failed, Unanswered, flow, handler};

#[derive(Clone, Event)]
#[event(answer = bool)]
struct Review(u32);

#[handler]
async fn draft(number: u32) -> Review {
    Review(number)
}

#[handler]
async fn drafts(number: u32) -> Vec<Review> {
    vec![Review(number)]
}

#[handler(emits = Review)]
async fn publish(number: u32, cx: &Cx) {
    cx.emit(Review(number));
}

#[handler]
async fn report(_: Ending) -> Review {
    Review(0)
}

#[handler]
async fn decide(_: Answered<Review>) {}

#[handler]
async fn count(_: Vec<()>) {}

#[handler]
async fn gone(_: Failed<Unanswered<Review>>) {}

#[handler]
async fn log(_: Failed) {}

fn main() {
    // Nothing takes the answer.
    let _ = flow! { streams Asked<Review>; start(u32) -> draft -> ask Review };
    // In a clause as well.
    let _ = flow! {
        streams Asked<Review>;
        start(u32) -> (publish, draft -> ask Review -> decide);
        ask Review -> decide
    };
    // After the end.
    let _ = flow! {
        streams Asked<Review>;
        start(u32) -> publish;
        ignore Review;
        finally within "1s" -> report -> ask Review -> decide
    };
    // The rescue would drop the others.
    let _ = flow! {
        streams Asked<Review>;
        start(u32) -> drafts -> each (ask Review -> decide)[2] -> count;
        rescue ask Review -> gone
    };
    let _ = flow! {
        streams Asked<Review>;
        start(u32) -> drafts -> each (ask Review -> decide)[2] -> count;
        rescue -> log
    };
    // There is no such stage.
    let _ = flow! {
        streams Asked<Review>;
        start(u32) -> publish;
        ask Review -> decide;
        rescue ask Review -> log
    };
}
