// A `Sender` for an event that the flow does not declare `external`.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Tick;

#[derive(Event)]
struct Quit;

#[handler(on = "Tick")]
async fn work(cx: &Cx) {
    cx.put("tick").await;
}

#[handler]
async fn begin() {}

fn main() {
    let sender = flow! { external Tick; start -> begin; when Tick -> work }
        .spawn(())
        .sender();
    sender.try_emit(Tick).unwrap();
    sender.try_emit(Quit).unwrap();
}
