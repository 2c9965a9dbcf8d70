//! What would emit an event is not there.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Passed(u32);

#[handler(emits = Passed)]
async fn by_statement(n: u32, cx: &Cx) {
    if n > 3 {
        cx.emit(Passed(n));
    } else {
        #[cfg(any())]
        cx.emit(Passed(0));
    }
}
#[handler(emits = Passed)]
async fn by_branch(n: u32, cx: &Cx) {
    if cfg!(any()) {
        cx.emit(Passed(n));
    }
}
#[handler]
async fn done(Passed(n): Passed) -> u32 {
    n
}

fn main() {
    let _ = flow! { sound; start(u32) -> by_statement; when Passed -> done -> end };
    let _ = flow! { sound; start(u32) -> by_branch; when Passed -> done -> end };
}
