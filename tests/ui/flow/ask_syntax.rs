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
    let _ = flow! {
        streams Asked<Review>;
        start -> draft;
        ask -> decide;
        ask Review wihtin "3d" -> decide;
        ask Review within 3 -> decide;
        ask Review within "soon" -> decide;
        ask Review(x) -> decide;
        ask Review -> decide if true
    };
}
