//! Concurrency within a clause: `(a, b, …)` and `each`.

use std::hint::black_box;
use std::time::Duration;

use flow_core::{flow, handler};
use futures::StreamExt;
use futures::stream::FuturesUnordered;

use crate::measure::{Row, compare, current_thread, timed};

const TIMES: u32 = 1_000;

#[handler]
async fn work(n: u32) -> u32 {
    black_box(n + 1)
}

/// Suspends once, like code that waits for something.
#[handler]
async fn wait(n: u32) -> u32 {
    tokio::task::yield_now().await;
    black_box(n + 1)
}

#[handler]
async fn upto(n: u32) -> std::ops::Range<u32> {
    0..n
}

async fn by_hand<F: Future<Output = u32>>(items: u32, work: impl Fn(u32) -> F) -> Vec<u32> {
    let mut running: FuturesUnordered<_> = (0..items).map(work).collect();
    let mut results = Vec::with_capacity(running.len());
    while let Some(result) = running.next().await {
        results.push(result);
    }
    results
}

pub(crate) fn rows() -> Vec<Row> {
    let runtime = current_thread();
    let join = flow! {
        start(u32) -> (
            work, work, work, work, work, work, work, work, work, work,
            work, work, work, work, work, work, work, work, work, work,
            work, work, work, work, work, work, work, work, work, work,
            work, work, work, work, work, work, work, work, work, work,
            work, work, work, work, work, work, work, work, work, work,
            work, work, work, work, work, work, work, work, work, work,
            work, work, work, work, work, work, work, work, work, work,
            work, work, work, work, work, work, work, work, work, work,
            work, work, work, work, work, work, work, work, work, work,
            work, work, work, work, work, work, work, work, work, work
        ) -> ignore
    };
    let each = flow! { start(u32) -> upto -> each work -> end };
    let each_waits = flow! { start(u32) -> upto -> each wait -> end };
    let each_eight = flow! { start(u32) -> upto -> each wait[8] -> end };
    let times = |run: &mut dyn FnMut()| -> Duration { timed(|| (0..TIMES).for_each(|_| run())) };
    let floor = |items| {
        times(&mut || {
            black_box(runtime.block_on(by_hand(items, work)));
        })
    };
    let floor_waits = |items| {
        times(&mut || {
            black_box(runtime.block_on(by_hand(items, wait)));
        })
    };
    vec![
        compare(
            "fan-out 100 and join, against FuturesUnordered",
            1.0,
            TIMES,
            || times(&mut || runtime.block_on(join.run(1)).expect("no handler fails")),
            || floor(100),
        ),
        compare(
            "`each` over 100 items, against FuturesUnordered",
            1.0,
            TIMES,
            || {
                times(&mut || {
                    black_box(runtime.block_on(each.run(100)).expect("no handler fails"));
                })
            },
            || floor(100),
        ),
        compare(
            "`each` over 100 items that suspend, against FuturesUnordered",
            1.0,
            TIMES,
            || {
                times(&mut || {
                    black_box(
                        runtime
                            .block_on(each_waits.run(100))
                            .expect("no handler fails"),
                    );
                })
            },
            || floor_waits(100),
        ),
        compare(
            "an item of `each` over 100 000, eight at a time, against over 1 000",
            1.5,
            100_000,
            || {
                timed(|| {
                    black_box(
                        runtime
                            .block_on(each_eight.run(100_000))
                            .expect("no handler fails"),
                    )
                })
            },
            || {
                timed(|| {
                    for _ in 0..100 {
                        black_box(
                            runtime
                                .block_on(each_eight.run(1_000))
                                .expect("no handler fails"),
                        );
                    }
                })
            },
        ),
    ]
}
