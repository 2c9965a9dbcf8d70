// The only `end` is in a clause that is never reached.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Ping;

#[handler]
async fn begin() {}

#[handler(on = "Ping", emits = "Ping")]
async fn again(cx: &Cx) -> String {
    cx.emit(Ping);
    String::new()
}

fn main() {
    let _ = flow! {
        flow -> String;
        start -> begin;
        when Ping -> again -> end
    };
}
