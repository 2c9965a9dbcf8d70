//! `dfir_rs` (Hydro): a dataflow graph that is compiled into one function. Its operators are
//! closures that cannot await, so it is a floor, like a `match` written by hand. `dfir_async` has
//! operators that can await, as every handler in flow can.
//!
//! An operator calls the next one; only an edge that goes back is a step of the scheduler (a tick).

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
use dfir_rs::util::unbounded_channel;
use futures::StreamExt;
use tokio::task::LocalSet;

use super::names::with_names;
use crate::case::Case;
use crate::system::{Role, System};
use crate::{arrived, version};

pub(crate) fn system() -> System {
    let name = format!("{}, closures", version::named("dfir_rs"));
    System::new(Role::Floor, name)
        .timed(Case::EventHop, hop)
        .timed(Case::ChainOf10, chain)
        .timed(Case::StreamItem, items)
        .timed(Case::FanOut, fan_out)
        .timed(Case::StartAndEnd, start_and_end)
        .held(Case::Idle, idle)
        .timed(Case::Join, join::join)
        .timed(Case::Each, each::each)
        .timed(Case::Match, choice::choice)
        .timed(Case::Inline, inline)
}

/// One stage: `None` after the last one.
fn stage(left: u32) -> Option<u32> {
    arrived::one();
    (left > 1).then(|| left - 1)
}

/// A stage that only passes its value on.
fn pass(left: u32) -> u32 {
    arrived::one();
    std::hint::black_box(left)
}

async fn hop(hops: u32) -> Duration {
    let mut flow = dfir_syntax! {
        source_iter([hops]) -> ping;
        ping = union() -> filter_map(stage) -> pong;
        pong = filter_map(stage) -> defer_tick() -> ping;
    };
    let start = Instant::now();
    flow.run_available_sync();
    start.elapsed()
}

async fn chain(times: u32) -> Duration {
    let mut flow = dfir_syntax! {
        source_iter([times]) -> first;
        first = union()
            -> map(pass)
            -> map(pass)
            -> map(pass)
            -> map(pass)
            -> map(pass)
            -> map(pass)
            -> map(pass)
            -> map(pass)
            -> map(pass)
            -> filter_map(stage)
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
            -> map(pass)
            -> map(pass)
            -> map(pass)
            -> map(pass)
            -> filter_map(stage)
            -> defer_tick()
            -> first;
    };
    let start = Instant::now();
    flow.run_available_sync();
    start.elapsed()
}

/// Items leave through an unbounded channel, as its docs advise.
async fn items(items: u32) -> Duration {
    let (sender, mut receiver) = unbounded_channel();
    let start = Instant::now();
    let mut flow = dfir_syntax! {
        source_iter(0..items) -> for_each(|n: u32| sender.send(n).expect("the reader is there"));
    };
    flow.run_available_sync();
    drop(flow);
    while let Some(item) = receiver.next().await {
        std::hint::black_box(item);
        arrived::one();
    }
    start.elapsed()
}

macro_rules! calling {
    ($($listener:ident)*) => {
        async fn fan_out(rounds: u32) -> Duration {
            let mut flow = dfir_syntax! {
                source_iter([rounds]) -> call;
                call = union() -> tee();
                call -> filter_map(stage) -> defer_tick() -> call;
                $(
                    $listener = call -> for_each(|left: u32| {
                        pass(left);
                    });
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
            source_iter([n]) -> for_each(|n: u32| {
                pass(n);
            });
        };
        flow.run_available_sync();
    }
    start.elapsed()
}

/// Each execution waits for its channel.
async fn idle(flows: u32) -> impl Sized {
    let local = LocalSet::new();
    let senders: Vec<_> = (0..flows)
        .map(|n| {
            let (sender, receiver) = unbounded_channel::<u32>();
            local.spawn_local(async move {
                let mut flow = dfir_syntax! {
                    source_iter([n]) -> go;
                    source_stream(receiver) -> go;
                    go = union() -> for_each(|n: u32| {
                        pass(n);
                    });
                };
                flow.run().await;
            });
            sender
        })
        .collect();
    local.run_until(arrived::wait_for(flows)).await;
    (local, senders)
}
