//! A handler that returns its event, against one that emits it.

use std::hint::black_box;

use flow_core::{Cx, Event, flow, handler};
use futures::StreamExt;

use crate::measure::{Row, compare, current_thread, timed};

const HOPS: u32 = 200_000;

#[derive(Event)]
struct Ping(u32);

#[derive(Event)]
struct Pong(u32);

#[handler(on = Ping, emits = Pong)]
async fn emits_ping(Ping(n): Ping, cx: &Cx) {
    if n == HOPS {
        cx.stop();
    }
    cx.emit(Pong(black_box(n + 1)));
}

#[handler(on = Pong, emits = Ping)]
async fn emits_pong(Pong(n): Pong, cx: &Cx) {
    cx.emit(Ping(black_box(n + 1)));
}

#[handler(on = Ping)]
async fn returns_ping(Ping(n): Ping, cx: &Cx) -> Pong {
    if n == HOPS {
        cx.stop();
    }
    Pong(black_box(n + 1))
}

#[handler(on = Pong)]
async fn returns_pong(Pong(n): Pong) -> Ping {
    Ping(black_box(n + 1))
}

pub(crate) fn rows() -> Vec<Row> {
    let runtime = current_thread();
    let emits = flow! {
        start(Ping) -> emits_ping;
        when Ping -> emits_ping;
        when Pong -> emits_pong
    };
    let returns = flow! {
        start(Ping) -> returns_ping -> emit;
        when Ping -> returns_ping -> emit;
        when Pong -> returns_pong -> emit
    };
    vec![compare(
        "`-> emit` of one event, against `cx.emit`",
        1.1,
        HOPS,
        || {
            let mut items = returns.stream(Ping(0));
            timed(|| runtime.block_on(async { while items.next().await.is_some() {} }))
        },
        || {
            let mut items = emits.stream(Ping(0));
            timed(|| runtime.block_on(async { while items.next().await.is_some() {} }))
        },
    )]
}
