// Helpers, which are no handlers, with the context of a handler.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Done;

async fn heading(cx: &Cx, text: &str) {
    cx.put(format!("== {text} ==")).await;
}

struct Agent;

impl Agent {
    fn finish(&self, cx: &Cx) {
        let cx = cx.clone();
        cx.emit(Done);
    }

    fn give_up(&self, cx: &Cx) {
        cx.stop();
    }
}

#[handler(emits = Done)]
async fn report(cx: &Cx) {
    heading(cx, "results").await;
    Agent.finish(cx);
    Agent.give_up(cx);
}

#[handler(on = Done)]
async fn stop() {}

fn main() {
    let _ = flow! { start -> report; when Done -> stop };
}
