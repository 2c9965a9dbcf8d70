// A closure that is not written yet, before a stage that does not tell what it takes.
use flow_core::{Event, flow, handler};

#[derive(Event)]
struct Draft;

#[handler]
async fn print(_: Draft) {}

fn main() {
    let _ = flow! {
        start(u32) -> |n| todo!() -> emit;
        when Draft -> print
    };
}
