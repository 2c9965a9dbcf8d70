//! What `check` returns may hold no event.
use flow_core::{Event, flow, handler};

#[derive(Event)]
struct Passed;

#[handler]
async fn check(n: u32) -> Option<Passed> {
    (n > 3).then_some(Passed)
}
#[handler]
async fn done(_: Passed) -> u32 {
    1
}

fn main() {
    let _ = flow! { sound; start(u32) -> check -> emit; when Passed -> done -> end };
}
