// An event as a stage, as `Some` is one.
use flow_core::{Event, flow, handler};

#[derive(Event)]
struct Number(u32);

#[handler]
async fn print(_: Number) {}

fn main() {
    let _ = flow! { start(u32) -> |n| n + 1 -> Number -> emit; when Number -> print };
}
