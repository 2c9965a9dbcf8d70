//! Futures for the hundred items of a `flat_map`, all at a time. A `fold` collects the results
//! within the tick.

use std::time::{Duration, Instant};

use dfir_rs::dfir_syntax;

use crate::arrived;

async fn work(n: u32) -> u32 {
    std::hint::black_box(n)
}

/// `None` after the last repetition.
async fn together(results: Vec<u32>) -> Option<u32> {
    let left = arrived::in_order(&results);
    (left > 1).then(|| left - 1)
}

pub(super) async fn each(times: u32) -> Duration {
    let mut flow = dfir_syntax! {
        source_iter([times]) -> again;
        again = union()
            -> flat_map(|left| left..left + 100)
            -> map(work)
            -> resolve_futures_blocking_ordered()
            -> fold::<'tick>(|| Vec::with_capacity(100), |results: &mut Vec<u32>, n| results.push(n))
            -> map(together)
            -> resolve_futures_blocking()
            -> flatten()
            -> defer_tick()
            -> again;
    };
    let start = Instant::now();
    flow.run_available_sync();
    start.elapsed()
}
