//! A `demux_enum` to ten operators that can await.

use std::time::{Duration, Instant};

use dfir_rs::dfir_syntax;

use crate::arrived;
use crate::systems::kind::Kind;

/// One of the ten: `None` after the last repetition.
async fn arm<const OWN: u32>((left,): (u32,)) -> Option<u32> {
    arrived::chosen(left, OWN);
    (left > 1).then(|| left - 1)
}

pub(super) async fn choice(times: u32) -> Duration {
    let mut flow = dfir_syntax! {
        source_iter([times]) -> again;
        again = union() -> map(Kind::of) -> demux_enum::<Kind>();
        again[K0] -> map(arm::<0>) -> resolve_futures_blocking() -> flatten() -> done;
        again[K1] -> map(arm::<1>) -> resolve_futures_blocking() -> flatten() -> done;
        again[K2] -> map(arm::<2>) -> resolve_futures_blocking() -> flatten() -> done;
        again[K3] -> map(arm::<3>) -> resolve_futures_blocking() -> flatten() -> done;
        again[K4] -> map(arm::<4>) -> resolve_futures_blocking() -> flatten() -> done;
        again[K5] -> map(arm::<5>) -> resolve_futures_blocking() -> flatten() -> done;
        again[K6] -> map(arm::<6>) -> resolve_futures_blocking() -> flatten() -> done;
        again[K7] -> map(arm::<7>) -> resolve_futures_blocking() -> flatten() -> done;
        again[K8] -> map(arm::<8>) -> resolve_futures_blocking() -> flatten() -> done;
        again[K9] -> map(arm::<9>) -> resolve_futures_blocking() -> flatten() -> done;
        done = union() -> defer_tick() -> again;
    };
    let start = Instant::now();
    flow.run_available_sync();
    start.elapsed()
}
