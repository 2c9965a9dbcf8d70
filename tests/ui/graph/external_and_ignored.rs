// An event is declared both `external` and `ignore`.
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
