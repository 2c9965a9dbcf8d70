// An `external` event that no clause takes.
use flow_core::{Event, flow, handler};

#[derive(Event)]
struct Tick;

#[handler]
async fn begin() {}

fn main() {
    let _ = flow! {
        external Tick;
        start -> begin
    };
}
