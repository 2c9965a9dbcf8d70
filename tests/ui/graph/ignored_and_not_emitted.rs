// An ignored event that no handler emits.
use flow_core::{Event, flow, handler};

#[derive(Event)]
struct Tick;

#[handler]
async fn begin() {}

fn main() {
    let _ = flow! {
        ignore Tick;
        start -> begin
    };
}
