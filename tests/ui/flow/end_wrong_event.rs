// An event goes to `end` unchanged, and is not the declared result.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Done(u32);

#[handler(emits = "Done")]
async fn work(cx: &Cx) {
    cx.emit(Done(3));
}

fn main() {
    let _ = flow! {
        flow -> u32;
        start -> work;
        when Done -> end
    };
}
