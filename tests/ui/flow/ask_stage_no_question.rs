use flow_core::{Answered, Asked, Event, flow, handler};

#[derive(Clone, Event)]
struct Plain(u32);

#[derive(Event)]
#[event(answer = bool)]
struct Unique(u32);

#[derive(Clone, Event)]
#[event(answer = bool)]
struct Review(u32);

#[derive(Clone)]
struct Other(u32);

#[handler]
async fn plain(number: u32) -> Plain {
    Plain(number)
}

#[handler]
async fn unique(number: u32) -> Unique {
    Unique(number)
}

#[handler]
async fn draft(number: u32) -> Review {
    Review(number)
}

#[handler]
async fn other(number: u32) -> Other {
    Other(number)
}

#[handler]
async fn decide(_: Answered<Review>) {}

fn main() {
    // An event without an answer.
    let _ = flow! { streams Asked<Plain>; start(u32) -> plain -> ask Plain -> ignore };
    // It goes out, and comes back with the answer.
    let _ = flow! { streams Asked<Unique>; start(u32) -> unique -> ask Unique -> ignore };
    // No event.
    let _ = flow! { streams Asked<Review>; start(u32) -> other -> ask Other -> ignore };
    // The stream does not take it.
    let _ = flow! { streams u32; start(u32) -> draft -> ask Review -> decide };
    let _ = flow! { streams Asked<Review>; start(u32) -> draft -> ask Reviw -> decide };
}
