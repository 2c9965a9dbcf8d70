use flow_core::{Answered, Asked, Cx, Event, flow, handler};

#[derive(Clone, Event)]
#[event(answer = "bool")]
struct Review;

#[handler(emits = "Review")]
async fn draft(cx: &Cx) {
    cx.emit(Review);
}

#[handler]
async fn decide(answered: Answered<Review>) {
    let _ = answered;
}

fn main() {
    let flow = flow! {
        streams Asked<Review>;
        start -> draft;
        ask Review -> decide
    };
    for asked in flow.blocking_iter(()) {
        let _ = asked.unwrap().answer("yes");
    }
}
