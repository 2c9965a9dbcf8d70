//! A `tee` to a hundred operators that can await. A `fold` collects their results within the tick.

use std::time::{Duration, Instant};

use dfir_rs::dfir_syntax;

use crate::arrived;
use crate::systems::names::with_names;

/// The work of a branch.
async fn work(left: u32) -> u32 {
    std::hint::black_box(left)
}

/// `None` after the last repetition.
async fn together(results: Vec<u32>) -> Option<u32> {
    let left = arrived::joined(&results);
    (left > 1).then(|| left - 1)
}

macro_rules! joining {
    ($($branch:ident)*) => {
        pub(super) async fn join(times: u32) -> Duration {
            let mut flow = dfir_syntax! {
                source_iter([times]) -> call;
                call = union() -> tee();
                call -> map(work) -> resolve_futures_blocking() -> all;
                $($branch = call -> map(work) -> resolve_futures_blocking() -> all;)*
                all = union()
                    -> fold::<'tick>(|| Vec::with_capacity(100), |results: &mut Vec<u32>, left| results.push(left))
                    -> map(together)
                    -> resolve_futures_blocking()
                    -> flatten()
                    -> defer_tick()
                    -> call;
            };
            let start = Instant::now();
            flow.run_available_sync();
            start.elapsed()
        }
    };
}

with_names!(joining);
