//! A hundred concurrent branches and their join.
#![allow(
    clippy::large_types_passed_by_value,
    reason = "what follows a join gets what its branches returned"
)]

use std::time::{Duration, Instant};

use flow_core::{Cx, flow, handler};

use super::Ping;
use crate::arrived;
use crate::systems::hundred::{self, Hundred};
use crate::systems::names::with_names;

#[handler(on = "Ping")]
async fn spread(Ping(left): Ping) -> u32 {
    left
}

#[handler(emits = "Ping")]
async fn together(results: Hundred, cx: &Cx) {
    let left = arrived::joined(&hundred::array(results));
    if left > 1 {
        cx.emit(Ping(left - 1));
    }
}

#[handler]
async fn first(left: u32) -> u32 {
    std::hint::black_box(left)
}

macro_rules! joining {
    ($($branch:ident)*) => {
        $(
            #[handler]
            async fn $branch(left: u32) -> u32 {
                std::hint::black_box(left)
            }
        )*

        pub(super) async fn join(times: u32) -> Duration {
            let flow = flow! {
                start(Ping) -> spread -> (first, $($branch),*) -> together;
                when Ping -> spread -> (first, $($branch),*) -> together
            };
            let start = Instant::now();
            flow.run(Ping(times)).await.expect("no handler fails");
            start.elapsed()
        }
    };
}

with_names!(joining);
