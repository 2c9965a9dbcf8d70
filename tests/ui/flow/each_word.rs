// What is no handler behind an `each`.
use flow_core::{Asked, Event, flow, handler};

#[derive(Clone, Event)]
#[event(answer = bool)]
struct Review(u32);

#[handler]
async fn list(n: u32) -> Vec<u32> {
    vec![n]
}

#[handler]
async fn drafts(n: u32) -> Vec<Review> {
    vec![Review(n)]
}

fn main() {
    let _ = flow! { start(u32) -> list -> each Some[2] -> ignore };
    let _ = flow! { start(u32) -> list -> each end };
    let _ = flow! { start(u32) -> list -> each ignore[2] };
    let _ = flow! { start(u32) -> list -> each skip -> ignore };
    let _ = flow! { streams Asked<Review>; start(u32) -> drafts -> each ask Review[2] -> ignore };
}
