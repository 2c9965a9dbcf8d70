//! Values along a route: chains, choices, and flows as stages.

use std::hint::black_box;

use flow_core::{Cx, Event, flow, handler};

use crate::measure::{Row, compare, current_thread, timed};

const TIMES: u32 = 100_000;

#[derive(Event)]
struct Go(u32);

#[handler]
async fn open(Go(n): Go) -> u32 {
    n
}

#[handler]
async fn step(n: u32) -> u32 {
    black_box(n + 1)
}

/// The next round, if there is one.
#[handler(emits = "Go")]
async fn again(n: u32, cx: &Cx) {
    if n < TIMES * 10 {
        cx.emit(Go(n));
    }
}

/// The same function without the attribute.
#[allow(
    clippy::unused_async,
    reason = "as a handler that has nothing to wait for"
)]
async fn step_by_hand(n: u32) -> u32 {
    black_box(n + 1)
}

async fn by_awaits() {
    let mut n = 0;
    for _ in 0..TIMES {
        for _ in 0..10 {
            n = step_by_hand(n).await;
        }
    }
    black_box(n);
}

#[handler]
async fn which(n: u32) -> u32 {
    black_box(n)
}

#[handler]
async fn ten_more(n: u32) -> u32 {
    black_box(n + 10)
}

/// The same numbers of awaits and arms.
async fn by_a_match() {
    let mut n = 0;
    for _ in 0..TIMES {
        n = step_by_hand(n).await;
        n = match step_by_hand(n).await {
            n if n % 10 == 1 => step_by_hand(n).await,
            n if n % 10 == 2 => step_by_hand(n).await,
            n if n % 10 == 3 => step_by_hand(n).await,
            n if n % 10 == 4 => step_by_hand(n).await,
            n if n % 10 == 5 => step_by_hand(n).await,
            n if n % 10 == 6 => step_by_hand(n).await,
            n if n % 10 == 7 => step_by_hand(n).await,
            n if n % 10 == 8 => step_by_hand(n).await,
            n if n % 10 == 9 => step_by_hand(n).await,
            n => ten_more(n).await,
        };
    }
    black_box(n);
}

#[derive(Event)]
struct Half(u32);

#[handler(emits = "Half")]
async fn first_half(n: u32, cx: &Cx) {
    cx.emit(Half(black_box(n + 1)));
}

#[handler(on = "Half")]
async fn second_half(Half(n): Half) -> u32 {
    black_box(n + 1)
}

/// Suspends once, like code that waits for something.
#[handler]
async fn wait(n: u32) -> u32 {
    tokio::task::yield_now().await;
    black_box(n + 1)
}

flow! {
    /// Ten stages, two of which wait.
    flow Inner(u32) -> u32;
    start -> step -> step -> wait -> step -> first_half;
    when Half -> second_half -> step -> wait -> step -> step -> end
}

pub(crate) fn rows() -> Vec<Row> {
    let runtime = current_thread();
    let chain = flow! {
        start(Go) -> open -> step -> step -> step -> step -> step
            -> step -> step -> step -> step -> step -> again;
        when Go -> open -> step -> step -> step -> step -> step
            -> step -> step -> step -> step -> step -> again
    };
    let choice = flow! {
        start(Go) -> open -> which -> match {
            n if n % 10 == 1 => step,
            n if n % 10 == 2 => step,
            n if n % 10 == 3 => step,
            n if n % 10 == 4 => step,
            n if n % 10 == 5 => step,
            n if n % 10 == 6 => step,
            n if n % 10 == 7 => step,
            n if n % 10 == 8 => step,
            n if n % 10 == 9 => step,
            n => ten_more
        } -> again;
        when Go -> open -> which -> match {
            n if n % 10 == 1 => step,
            n if n % 10 == 2 => step,
            n if n % 10 == 3 => step,
            n if n % 10 == 4 => step,
            n if n % 10 == 5 => step,
            n if n % 10 == 6 => step,
            n if n % 10 == 7 => step,
            n if n % 10 == 8 => step,
            n if n % 10 == 9 => step,
            n => ten_more
        } -> again
    };
    let outer = flow! {
        start(Go) -> open -> Inner -> again;
        when Go -> open -> Inner -> again
    };
    let inline = flow! {
        start(Go) -> open -> step -> step -> wait -> step -> first_half;
        when Go -> open -> step -> step -> wait -> step -> first_half;
        when Half -> second_half -> step -> wait -> step -> step -> again
    };
    vec![
        compare(
            "a chain of 10 stages, against ten direct awaits",
            10.0,
            TIMES,
            || {
                timed(|| {
                    runtime
                        .block_on(chain.run(Go(0)))
                        .expect("no handler fails");
                })
            },
            || timed(|| runtime.block_on(by_awaits())),
        ),
        compare(
            "an event and a `match` of 10 arms, against the `match` by hand",
            10.0,
            TIMES,
            || {
                timed(|| {
                    runtime
                        .block_on(choice.run(Go(0)))
                        .expect("no handler fails");
                })
            },
            || timed(|| runtime.block_on(by_a_match())),
        ),
        compare(
            "a flow of 10 stages, of which 2 wait, as a stage, against the same inline",
            2.0,
            TIMES,
            || {
                timed(|| {
                    runtime
                        .block_on(outer.run(Go(0)))
                        .expect("no handler fails");
                })
            },
            || {
                timed(|| {
                    runtime
                        .block_on(inline.run(Go(0)))
                        .expect("no handler fails");
                })
            },
        ),
    ]
}
