// An event is sent into a named flow that does not declare it `external`.
use flow_core::{Event, flow, handler};

#[derive(Event)]
struct Quit;

#[handler]
async fn begin() {}

flow! {
    flow Chat;
    start -> begin
}

fn main() {
    Chat::new().spawn(()).try_emit(Quit).unwrap();
}
