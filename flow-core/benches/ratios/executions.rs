//! Whole executions: start and end, and many at a time.

use std::future::Future;
use std::hint::black_box;
use std::pin::Pin;
use std::time::Duration;

use flow_core::{Cx, Event, flow, handler};

use crate::measure::{Row, compare, current_thread, timed};

const TIMES: u32 = 20_000;
const TURNS: u32 = 1_000_000;

#[handler]
async fn trivial(n: u32) {
    black_box(n);
}

/// The baseline. The optimiser cannot see through it, as it cannot see through a handler's future.
fn boxed(n: u32) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        black_box(n);
    })
}

#[derive(Event)]
struct Turn(u32);

#[handler(on = "Turn", emits = "Turn")]
async fn turn(Turn(n): Turn, cx: &Cx) {
    if n < TURNS {
        cx.emit(Turn(black_box(n + 1)));
    }
}

pub(crate) fn rows() -> Vec<Row> {
    let runtime = current_thread();
    let flow = flow! { start(u32) -> trivial };
    let run = compare(
        "an execution by `run`, against a boxed future",
        5.0,
        TIMES,
        || {
            timed(|| {
                runtime.block_on(async {
                    for n in 0..TIMES {
                        flow.run(n).await.expect("no handler fails");
                    }
                });
            })
        },
        || {
            timed(|| {
                runtime.block_on(async {
                    for n in 0..TIMES {
                        black_box(boxed(black_box(n))).await;
                    }
                });
            })
        },
    );
    let spawn = compare(
        "an execution by `spawn` and `output`, against tokio::spawn",
        1.5,
        TIMES,
        || {
            timed(|| {
                runtime.block_on(async {
                    for n in 0..TIMES {
                        flow.spawn(n).output().await.expect("no handler fails");
                    }
                });
            })
        },
        || {
            timed(|| {
                runtime.block_on(async {
                    for n in 0..TIMES {
                        tokio::spawn(async move {
                            black_box(n);
                        })
                        .await
                        .expect("no task fails");
                    }
                });
            })
        },
    );
    vec![run, spawn, parallel()]
}

/// Two independent executions on two threads must be as fast as one.
fn parallel() -> Row {
    let flow = flow! { start(Turn) -> turn; when Turn -> turn };
    let side_by_side = |executions: usize| -> Duration {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .build()
            .expect("a runtime");
        timed(|| {
            runtime.block_on(async {
                let running: Vec<_> = (0..executions).map(|_| flow.spawn(Turn(0))).collect();
                for execution in running {
                    execution.output().await.expect("no handler fails");
                }
            });
        })
    };
    compare(
        "two executions on two threads, against one (throughput ≥ 1.8 ×)",
        2.0 / 1.8,
        TURNS,
        || side_by_side(2),
        || side_by_side(1),
    )
}
