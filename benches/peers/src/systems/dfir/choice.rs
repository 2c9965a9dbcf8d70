//! A `demux_enum` to ten operators.

use std::time::{Duration, Instant};

use dfir_rs::dfir_syntax;

use crate::arrived;
use crate::systems::kind::Kind;

/// One of the ten: `None` after the last repetition.
fn arm<const OWN: u32>((left,): (u32,)) -> Option<u32> {
    arrived::chosen(left, OWN);
    (left > 1).then(|| left - 1)
}

pub(super) async fn choice(times: u32) -> Duration {
    let mut flow = dfir_syntax! {
        source_iter([times]) -> again;
        again = union() -> map(Kind::of) -> demux_enum::<Kind>();
        again[K0] -> filter_map(arm::<0>) -> done;
        again[K1] -> filter_map(arm::<1>) -> done;
        again[K2] -> filter_map(arm::<2>) -> done;
        again[K3] -> filter_map(arm::<3>) -> done;
        again[K4] -> filter_map(arm::<4>) -> done;
        again[K5] -> filter_map(arm::<5>) -> done;
        again[K6] -> filter_map(arm::<6>) -> done;
        again[K7] -> filter_map(arm::<7>) -> done;
        again[K8] -> filter_map(arm::<8>) -> done;
        again[K9] -> filter_map(arm::<9>) -> done;
        done = union() -> defer_tick() -> again;
    };
    let start = Instant::now();
    flow.run_available_sync();
    start.elapsed()
}
