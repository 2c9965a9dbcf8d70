//! `dfir_rs` with operators that can await, like handlers elsewhere: each maps to a future, and
//! `resolve_futures_blocking` waits for it.
#![allow(
    unreachable_pub,
    clippy::pedantic,
    reason = "what `dfir_syntax!` expands to"
)]

mod choice;
mod each;
mod join;

use std::time::{Duration, Instant};

use dfir_rs::dfir_syntax;

use super::names::with_names;
use crate::case::Case;
use crate::system::{Role, System};
use crate::{arrived, version};

pub(crate) fn system() -> System {
    let name = format!("{}, async", version::named("dfir_rs"));
    System::new(Role::Peer, name)
        .timed(Case::EventHop, hop)
        .timed(Case::ChainOf10, chain)
        .timed(Case::FanOut, fan_out)
        .timed(Case::StartAndEnd, start_and_end)
        .timed(Case::Join, join::join)
        .timed(Case::Each, each::each)
        .timed(Case::Match, choice::choice)
        .timed(Case::Inline, inline)
}

/// One stage: `None` after the last one.
async fn stage(left: u32) -> Option<u32> {
    arrived::one();
    (left > 1).then(|| left - 1)
}

/// A stage that only passes its value on.
async fn pass(left: u32) -> u32 {
    arrived::one();
    left
}

async fn hop(hops: u32) -> Duration {
    let mut flow = dfir_syntax! {
        source_iter([hops]) -> ping;
        ping = union() -> map(stage) -> resolve_futures_blocking() -> flatten() -> pong;
        pong = map(stage) -> resolve_futures_blocking() -> flatten() -> defer_tick() -> ping;
    };
    let start = Instant::now();
    flow.run_available_sync();
    start.elapsed()
}

async fn chain(times: u32) -> Duration {
    let mut flow = dfir_syntax! {
        source_iter([times]) -> first;
        first = union()
            -> map(pass) -> resolve_futures_blocking()
            -> map(pass) -> resolve_futures_blocking()
            -> map(pass) -> resolve_futures_blocking()
            -> map(pass) -> resolve_futures_blocking()
            -> map(pass) -> resolve_futures_blocking()
            -> map(pass) -> resolve_futures_blocking()
            -> map(pass) -> resolve_futures_blocking()
            -> map(pass) -> resolve_futures_blocking()
            -> map(pass) -> resolve_futures_blocking()
            -> map(stage) -> resolve_futures_blocking()
            -> flatten()
            -> defer_tick()
            -> first;
    };
    let start = Instant::now();
    flow.run_available_sync();
    start.elapsed()
}

async fn inline(times: u32) -> Duration {
    let mut flow = dfir_syntax! {
        source_iter([times]) -> first;
        first = union()
            -> map(pass) -> resolve_futures_blocking()
            -> map(pass) -> resolve_futures_blocking()
            -> map(pass) -> resolve_futures_blocking()
            -> map(pass) -> resolve_futures_blocking()
            -> map(stage) -> resolve_futures_blocking()
            -> flatten()
            -> defer_tick()
            -> first;
    };
    let start = Instant::now();
    flow.run_available_sync();
    start.elapsed()
}

macro_rules! calling {
    ($($listener:ident)*) => {
        async fn fan_out(rounds: u32) -> Duration {
            let mut flow = dfir_syntax! {
                source_iter([rounds]) -> call;
                call = union() -> tee();
                call -> map(stage) -> resolve_futures_blocking() -> flatten() -> defer_tick() -> call;
                $(
                    $listener = call -> map(pass) -> resolve_futures_blocking() -> for_each(drop);
                )*
            };
            let start = Instant::now();
            flow.run_available_sync();
            start.elapsed()
        }
    };
}

with_names!(calling);

async fn start_and_end(times: u32) -> Duration {
    let start = Instant::now();
    for n in 0..times {
        let mut flow = dfir_syntax! {
            source_iter([n]) -> map(pass) -> resolve_futures_blocking() -> for_each(drop);
        };
        flow.run_available_sync();
    }
    start.elapsed()
}
