//! Partners are rejected only if an execution certainly emits one of them.
use flow_core::{Cx, Event, Result, Router, flow, handler};

#[derive(Clone, Event)]
struct Approved;

#[derive(Clone, Event)]
struct Rejected;

#[derive(Event)]
struct Draft(u32);

#[handler(emits = [Approved, Rejected])]
async fn review(n: u32, cx: &Cx) {
    if n > 3 {
        cx.emit(Rejected);
    } else {
        cx.emit(Approved);
    }
}

#[handler(emits = [Approved, Rejected])]
async fn both_at_times(n: u32, cx: &Cx) {
    cx.emit(Approved);
    if n > 3 {
        cx.emit(Rejected);
    }
}

#[handler(emits = [Approved, Rejected])]
async fn one_each_round(n: u32, cx: &Cx) {
    for n in 0..n {
        match n {
            0 => cx.emit(Approved),
            _ => cx.emit(Rejected),
        }
    }
}

#[handler(emits = [Approved, Rejected])]
async fn elsewhere(n: u32, cx: &Cx) {
    decide(n, cx);
}

fn decide<R: Router>(n: u32, cx: &Cx<R, elsewhere>) {
    if n > 3 {
        cx.emit(Approved)
    } else {
        cx.emit(Rejected)
    }
    cx.emit(Rejected);
}

#[handler(emits = [Approved, Rejected], retry(attempts = 2))]
async fn retried(n: u32, cx: &Cx) -> Result<()> {
    if cx.attempt() == 1 {
        cx.emit(Approved);
        return Err("again".into());
    }
    if n > 3 {
        cx.emit(Rejected);
    }
    Ok(())
}

#[handler(emits = Draft)]
async fn write_two(cx: &Cx) {
    cx.emit(Draft(1));
    cx.emit(Draft(9));
}

#[handler]
async fn read(Draft(n): Draft) -> u32 {
    n
}

#[handler]
async fn all(n: u32) -> Vec<u32> {
    (0..n).collect()
}

#[handler(emits = Rejected)]
async fn reject_too(cx: &Cx) {
    cx.emit(Rejected);
}

#[handler]
async fn idle() {}

#[handler]
async fn archive(_both: (Approved, Rejected)) {}

fn main() {
    let _ = flow! { start(u32) -> both_at_times; when Approved & Rejected -> archive };
    let _ = flow! { start(u32) -> one_each_round; when Approved & Rejected -> archive };
    let _ = flow! { start(u32) -> elsewhere; when Approved & Rejected -> archive };
    let _ = flow! { start(u32) -> retried; when Approved & Rejected -> archive };
    // More than one call.
    let _ = flow! { start -> write_two; when Draft -> read -> review; when Approved & Rejected -> archive };
    let _ = flow! { start(u32) -> all -> each review; when Approved & Rejected -> archive };
    let _ = flow! { external Draft; start -> idle; when Draft -> read -> review; when Approved & Rejected -> archive };
    // Another source.
    let _ = flow! { start(u32) -> review; when Approved -> reject_too; when Approved & Rejected -> archive };
    let _ = flow! { external Rejected; start(u32) -> review; when Approved & Rejected -> archive };
}
