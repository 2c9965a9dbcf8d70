//! An event from one handler to the next.

use std::collections::VecDeque;
use std::hint::black_box;

use flow_core::{Cx, Event, flow, handler};
use futures::StreamExt;
use tokio::sync::mpsc;

use crate::measure::{Row, compare, current_thread, timed};

const HOPS: u32 = 200_000;

#[derive(Event)]
struct Ping(u32);

#[derive(Event)]
struct Pong(u32);

#[handler(on = "Ping", emits = "Pong")]
async fn ping(Ping(n): Ping, cx: &Cx) {
    if n < HOPS {
        cx.emit(Pong(black_box(n + 1)));
    }
}

#[handler(on = "Pong", emits = "Ping")]
async fn pong(Pong(n): Pong, cx: &Cx) {
    cx.emit(Ping(black_box(n + 1)));
}

/// The same by hand: an enum, a queue and a `match`, without an executor.
fn by_match() -> u32 {
    enum Message {
        Ping(u32),
        Pong(u32),
    }
    // Without this barrier, the optimiser would remove the queue.
    let mut queue = black_box(VecDeque::from([Message::Ping(0)]));
    let mut last = 0;
    while let Some(message) = queue.pop_front() {
        match message {
            Message::Ping(n) => {
                last = n;
                if n < HOPS {
                    queue.push_back(Message::Pong(black_box(n + 1)));
                }
            }
            Message::Pong(n) => queue.push_back(Message::Ping(black_box(n + 1))),
        }
    }
    last
}

/// The same by two tasks and two unbounded channels.
async fn by_channels() {
    let (there, mut arriving) = mpsc::unbounded_channel();
    let (back, mut returning) = mpsc::unbounded_channel();
    let ponger = tokio::spawn(async move {
        while let Some(n) = arriving.recv().await {
            if back.send(black_box(n + 1)).is_err() {
                return;
            }
        }
    });
    there.send(0_u32).expect("the other task listens");
    while let Some(n) = returning.recv().await {
        if n >= HOPS || there.send(black_box(n + 1)).is_err() {
            break;
        }
    }
    drop(there);
    ponger.await.expect("the other task");
}

pub(crate) fn rows() -> Vec<Row> {
    let runtime = current_thread();
    let ping_pong = flow! { start(Ping) -> ping; when Pong -> pong; when Ping -> ping };
    let mut by_flow = || {
        let mut items = ping_pong.stream(Ping(0));
        timed(|| runtime.block_on(async { while items.next().await.is_some() {} }))
    };
    vec![
        compare(
            "event hop, against enum + VecDeque + match",
            3.0,
            HOPS,
            &mut by_flow,
            || timed(by_match),
        ),
        compare(
            "event hop, against two tasks and unbounded mpsc",
            0.25,
            HOPS,
            &mut by_flow,
            || timed(|| runtime.block_on(runtime.spawn(by_channels()))),
        ),
    ]
}
