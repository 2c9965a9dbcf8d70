// A type that is not an event, in `on` and in `emits`.
use flow_core::handler;

struct Plain;
struct Other;

#[handler(on = "Plain", emits = "Other")]
async fn reply() {}

fn main() {}
