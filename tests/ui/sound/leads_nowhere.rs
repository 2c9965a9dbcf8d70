//! Paths that end in `ignore`, in a handler without an event, and in an `each`, which may be empty.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Passed(u32);

#[handler]
async fn weigh(n: u32) -> Option<u32> {
    Some(n)
}
#[handler]
async fn note(_: u32) {}
#[handler]
async fn split(n: u32) -> Vec<u32> {
    vec![n]
}
#[handler(emits = Passed)]
async fn pass(n: u32, cx: &Cx) {
    cx.emit(Passed(n));
}
#[handler]
async fn count(all: Vec<()>) -> u32 {
    all.len() as u32
}
#[handler]
async fn done(Passed(n): Passed) -> u32 {
    n
}

fn main() {
    let _ = flow! {
        flow(u32) -> u32;
        sound;
        start -> weigh -> match { Some(n) => |n: u32| n -> end, None => ignore };
    };
    let _ = flow! {
        flow(u32) -> u32;
        sound;
        start -> weigh -> match { Some(n) => |n: u32| n -> end, None => |_: ()| 0 -> note };
    };
    let _ = flow! {
        sound;
        start(u32) -> split -> each pass -> count -> ignore;
        when Passed -> done -> end;
    };
}
