use flow_core::{Answered, Asked, Event, flow, handler};

#[derive(Clone, Event)]
#[event(answer = bool)]
struct Review(u32);

#[handler]
async fn draft(number: u32) -> Review {
    Review(number)
}

#[handler]
async fn decide(_: Answered<Review>) {}

fn main() {
    let _ = flow! { streams Asked<Review>; start(u32) -> draft -> ask Review "1h" -> decide };
    let _ = flow! { streams Asked<Review>; start(u32) -> draft -> ask Review within -> decide };
    let _ = flow! { streams Asked<Review>; start(u32) -> draft -> ask Review wihtin "1h" -> decide };
    let _ = flow! { streams Asked<Review>; start(u32) -> draft -> ask Review within "0s" -> decide };
    let _ = flow! { streams Asked<Review>; start(u32) -> draft -> ask Review(_) -> decide };
    let _ = flow! { streams Asked<Review>; start(u32) -> draft -> ask Review else -> decide };
    let _ = flow! { streams Asked<Review>; start(u32) -> draft -> ask Review else end };
    let _ = flow! {
        streams Asked<Review>;
        timeout "1m";
        start(u32) -> draft -> ask Review within "1h" -> decide
    };
}
