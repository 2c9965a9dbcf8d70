// `end now` may stand where it races, and beside loops that it ends.
use flow_core::{Cx, Event, flow, handler};

#[derive(Event)]
struct Tick;

#[handler]
async fn mirror() -> u32 {
    1
}

#[handler]
async fn original() -> u32 {
    2
}

#[handler]
async fn split() -> Vec<u32> {
    vec![1, 2]
}

#[handler]
async fn look(n: u32) -> Option<u32> {
    (n > 1).then_some(n)
}

#[handler(emits = Tick)]
async fn work(cx: &Cx) -> u32 {
    cx.emit(Tick);
    42
}

#[handler(on = Tick, emits = Tick)]
async fn again(_tick: Tick, cx: &Cx) {
    cx.emit(Tick);
}

/// Ends as soon as the execution does.
#[handler(on = Tick, emits = Tick)]
async fn until_the_end(_tick: Tick, cx: &Cx) {
    tokio::select! {
        () = tokio::task::yield_now() => cx.emit(Tick),
        () = cx.ending() => {}
    }
}

fn main() {
    let _ = flow! {
        start -> (mirror -> end now, original -> end now)
    };
    let _ = flow! {
        flow -> u32;
        start -> split -> each (look -> match { Some(n) => end now, None => ignore })[8]
    };
    let _ = flow! { start -> work -> end now; when Tick -> again };
    let _ = flow! { start -> work -> end; when Tick -> until_the_end };
    // Outside of a join, the arms of a `match` may end.
    let _ = flow! {
        start -> (mirror, original) -> largest -> match { Some(n) => end, None => mirror -> end }
    };
}

#[handler]
async fn largest((a, b): (u32, u32)) -> Option<u32> {
    (a != b).then_some(a.max(b))
}
