// B5: the only `end` stands in a clause that nothing leads to.
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
