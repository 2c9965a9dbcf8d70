// A closure returns a `Result` of an event.
use flow_core::{Event, flow, handler};

#[derive(Event)]
struct Number(u32);

#[handler(on = Number)]
async fn print() {}

fn main() {
    let _ = flow! {
        start(String) -> |text| text.parse().map(Number) -> emit;
        when Number -> print
    };
}
