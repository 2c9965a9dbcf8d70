// B8: an event comes from outside and is ignored.
use flow_core::{Event, flow, handler};

#[derive(Event)]
struct Tick;

#[handler]
async fn begin() {}

fn main() {
    let _ = flow! {
        external Tick;
        ignore Tick;
        start -> begin
    };
}
