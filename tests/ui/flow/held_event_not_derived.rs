// An enum holds a type that a flow names as an event, and that is none.
use flow_core::{Event, Events, flow, handler};

struct Passed(u32);

#[derive(Event)]
struct Failed;

#[derive(Events)]
enum Verdict {
    Passed(Passed),
    Failed(Failed),
}

#[handler]
async fn check(n: u32) -> Verdict {
    if n > 3 { Verdict::Passed(Passed(n)) } else { Verdict::Failed(Failed) }
}

#[handler(on = Passed)]
async fn publish(Passed(_): Passed) {}

#[handler]
async fn explain() {}

fn main() {
    let _ = flow! {
        start(u32) -> check -> emit;
        when Passed -> publish;
        when Failed -> explain
    };
}
