use flow_core::{Asked, Cx, Event, flow, handler};

#[derive(Clone, Event)]
#[event(answer = "bool")]
struct Review;

#[handler(emits = "Review")]
async fn draft(cx: &Cx) {
    cx.emit(Review);
}

#[handler]
async fn decide(answer: bool) {
    let _ = answer;
}

fn main() {
    let _ = flow! {
        streams Asked<Review>;
        start -> draft;
        ask Review -> decide
    };
}
