// An enum of events that holds itself, for which rustc would report a cycle.
use flow_core::{Event, Events, flow, handler};

#[derive(Event)]
struct Found(u32);

#[derive(Events)]
enum Result {
    Found(Found),
    Several(Vec<Result>),
}

#[handler]
async fn search() -> Result {
    Result::Several(vec![Result::Found(Found(1))])
}

#[handler(on = Found)]
async fn print() {}

fn main() {
    let _ = flow! { start -> search -> emit; when Found -> print };
}
