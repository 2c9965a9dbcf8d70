//! A macro of the crate's own that has the name of a known one, and returns.
use flow_core::{Cx, Event, flow, handler};

macro_rules! json {
    ($number:expr) => {
        if $number > 3 {
            return;
        }
    };
}

#[derive(Event)]
struct Passed(u32);

#[handler(emits = Passed)]
async fn check(n: u32, cx: &Cx) {
    json!(n);
    cx.emit(Passed(n));
}
#[handler]
async fn done(Passed(n): Passed) -> u32 {
    n
}

fn main() {
    let _ = flow! { sound; start(u32) -> check; when Passed -> done -> end };
}
