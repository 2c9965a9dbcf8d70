//! A question may be taken by `when` as well, where something asks it.
use flow_core::{Answered, Asked, Cx, Event, flow, handler};

#[derive(Clone, Event)]
#[event(answer = "bool")]
struct Review(String);

#[handler(emits = Review)]
async fn draft(cx: &Cx) {
    cx.emit(Review("text".to_owned()));
}

#[handler]
async fn written() -> Review {
    Review("text".to_owned())
}

#[handler]
async fn begin() {}

#[handler(on = Review)]
async fn show() {}

#[handler]
async fn decide(_answered: Answered<Review>) {}

flow! {
    flow Reviewed(Review) streams Asked<Review>;
    start -> ask Review -> decide;
}

#[handler(emits = Review)]
async fn draft_again(cx: &Cx) -> Review {
    cx.emit(Review("a copy".to_owned()));
    Review("text".to_owned())
}

fn main() {
    let _ = flow! { streams Asked<Review>; start -> draft; when Review -> show; ask Review -> decide };
    let _ = flow! {
        streams Asked<Review>;
        start -> draft;
        when Review -> show;
        every "1h" -> written -> ask Review -> decide;
    };
    // A stage that is a flow asks it.
    let _ = flow! {
        streams Asked<Review>;
        start -> draft_again -> Reviewed;
        when Review -> show;
    };
    // It is asked outside.
    let _ = flow! { external Review; start -> begin; when Review -> show };
    let _ = flow! { ignore Review; start -> draft };
}
