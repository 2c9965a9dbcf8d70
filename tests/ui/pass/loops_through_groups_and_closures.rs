//! A cycle through `when E[n]` or a closure is rejected only if it certainly never ends.
use std::sync::LazyLock;

use flow_core::{Cx, Event, flow, handler};

const SIZE: usize = 3;

static LIMIT: LazyLock<(u64, u64)> = LazyLock::new(|| std::process::exit(0));

#[derive(Clone, Event)]
struct Vote(u64);

#[handler(emits = Vote)]
async fn begin(cx: &Cx) {
    cx.emit(Vote(0));
    cx.emit(Vote(1));
    cx.emit(Vote(2));
}

/// Emits less than a whole group, so that the votes run out.
#[handler(emits = Vote)]
async fn two(_votes: [Vote; 3], cx: &Cx) {
    cx.emit(Vote(0));
    cx.emit(Vote(1));
}

#[handler(emits = Vote)]
async fn three_at_times(_votes: [Vote; 3], cx: &Cx) {
    if cx.attempt() > 1 {
        return;
    }
    cx.emit(Vote(0));
    cx.emit(Vote(1));
    cx.emit(Vote(2));
}

#[handler(emits = Vote)]
async fn three_later(_votes: [Vote; 3], cx: &Cx) {
    std::future::ready(()).await;
    cx.emit(Vote(0));
    cx.emit(Vote(1));
    cx.emit(Vote(2));
}

#[handler]
async fn number(Vote(n): Vote) -> u64 {
    n
}

#[handler(emits = Vote)]
async fn next(n: u64, cx: &Cx) {
    cx.emit(Vote(n));
}

fn below_three(n: u64) -> u64 {
    assert!(n < 3, "that is enough");
    n
}

fn main() {
    let _ = flow! { start -> begin; when Vote[3] -> two };
    let _ = flow! { start -> begin; when Vote[3] -> three_at_times };
    let _ = flow! { start -> begin; when Vote[3] -> three_later };
    let _ = flow! { start -> begin; when Vote[SIZE] -> two };
    // A closure that may panic or end the process.
    let _ = flow! { start -> begin; when Vote -> number -> |n| n + 1 -> next };
    let _ = flow! { start -> begin; when Vote -> number -> |n| below_three(n) -> next };
    let _ = flow! { start -> begin; when Vote -> number -> |n: u64| n.checked_add(1).unwrap() -> next };
    let _ = flow! { start -> begin; when Vote -> number -> |_| LIMIT.0 -> next };
    // One that only passes the value on, before a way out.
    let _ = flow! {
        start -> begin;
        when Vote -> number -> |n: u64| n -> match { 3 => ignore, n => next };
    };
}
