//! A handler for each of a hundred elements, eight at a time.

use std::ops::Range;
use std::time::{Duration, Instant};

use flow_core::{Cx, flow, handler};

use super::Ping;
use crate::arrived;

#[handler(on = "Ping")]
async fn numbers(Ping(left): Ping) -> Range<u32> {
    left..left + 100
}

#[handler]
async fn work(n: u32) -> u32 {
    std::hint::black_box(n)
}

#[handler(emits = "Ping")]
async fn together(results: Vec<u32>, cx: &Cx) {
    let left = arrived::in_order(&results);
    if left > 1 {
        cx.emit(Ping(left - 1));
    }
}

pub(super) async fn each(times: u32) -> Duration {
    let flow = flow! {
        start(Ping) -> numbers -> each work[8] -> together;
        when Ping -> numbers -> each work[8] -> together
    };
    let start = Instant::now();
    flow.run(Ping(times)).await.expect("no handler fails");
    start.elapsed()
}
