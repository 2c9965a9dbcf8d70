// Further loops that never end: each form in which the same one can be written.
use flow_core::{Cx, Event, Result, flow, handler};

#[derive(Clone, Event)]
struct Tick(u64);

#[derive(Clone, Event)]
struct Tock(u64);

#[handler(emits = Tick)]
async fn begin(cx: &Cx) {
    cx.emit(Tick(0));
}

#[handler]
async fn number(Tick(n): Tick) -> u64 {
    n
}

#[handler(emits = Tick)]
async fn next(n: u64, cx: &Cx) {
    cx.emit(Tick(n));
}

#[handler(emits = Tick)]
async fn next_of(n: Option<u64>, cx: &Cx) {
    cx.emit(Tick(n.unwrap_or_default()));
}

#[handler]
async fn same(n: u64) -> u64 {
    n
}

#[handler]
async fn zero() -> u64 {
    0
}

#[handler]
async fn note() {}

#[handler(emits = Tock)]
async fn to_tock(Tick(n): Tick, cx: &Cx) {
    cx.emit(Tock(n));
}

#[handler(emits = Tick)]
async fn to_tick(Tock(n): Tock, cx: &Cx) {
    cx.emit(Tick(n));
}

#[handler(emits = Tick)]
async fn prints(Tick(n): Tick, cx: &Cx) {
    println!("{n}");
    cx.emit(Tick(n));
}

#[handler(emits = Tick)]
async fn with_a_guard(Tick(n): Tick, cx: &Cx) {
    let Some(n) = n.checked_add(1) else {
        cx.emit(Tick(0));
        return;
    };
    cx.emit(Tick(n));
}

#[handler(emits = Tick)]
async fn in_a_loop(Tick(n): Tick, cx: &Cx) {
    loop {
        cx.emit(Tick(n));
        break;
    }
}

#[handler(emits = Tick)]
async fn in_a_labelled_block(Tick(n): Tick, cx: &Cx) {
    'block: {
        if n == 0 {
            cx.emit(Tick(1));
            break 'block;
        }
        cx.emit(Tick(n));
    }
}

#[handler(emits = Tick)]
async fn through_a_binding(Tick(n): Tick, cx: &Cx) {
    let next = Tick(n);
    cx.emit(next);
}

#[handler]
async fn odd(_n: u64) -> Result<u64> {
    Err("odd".into())
}

#[handler]
async fn never_even(_tick: Tick) -> Result<u64> {
    Err("even".into())
}

#[handler(emits = Tick)]
async fn waits(Tick(n): Tick, cx: &Cx) {
    std::future::ready(()).await;
    cx.emit(Tick(n));
}

flow! {
    flow Inner;
    start -> begin;
    when Tick -> prints;
}

fn main() {
    let _ = flow! { start -> begin; when Tick -> to_tock; when Tock -> to_tick };
    let _ = flow! { start -> begin; when Tick -> with_a_guard };
    let _ = flow! { start -> begin; when Tick -> in_a_loop };
    let _ = flow! { start -> begin; when Tick -> in_a_labelled_block };
    let _ = flow! { start -> begin; when Tick -> through_a_binding };
    let _ = flow! { start -> begin; when Tick -> number -> match { 0 => zero -> next, n => same -> next } };
    let _ = flow! { start -> begin; when Tick -> number -> (next, same) -> ignore };
    let _ = flow! { start -> begin; when Tick -> number -> first (next, next) -> ignore };
    let _ = flow! { start -> begin; when Tick -> number -> odd else zero -> next };
    let _ = flow! { start -> begin; when Tick -> number -> Some -> next_of };
    // An `end` that waits for it, and one that nothing comes to.
    let _ = flow! { start -> begin; when Tick -> prints; when Tick -> zero -> end };
    let _ = flow! { start -> begin; when Tick -> prints; when Tick -> never_even -> end; rescue -> note };
    let _ = flow! { start -> begin -> zero -> end; when Tick -> waits };
    let _ = flow! { start -> begin; when Tick -> prints; every "1s" -> note; finally within "1s" -> note };
}
