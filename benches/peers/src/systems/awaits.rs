//! The floor without events: async functions by hand that await each other, all in one future.
#![allow(
    clippy::unused_async,
    reason = "a handler is a function that may await"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use futures::{StreamExt, stream};

use super::hundred;
use super::kind::Kind;
use super::names::with_names;
use crate::arrived;
use crate::case::Case;
use crate::system::{Role, System};

pub(crate) fn system() -> System {
    System::new(Role::Floor, "async functions by hand")
        .timed(Case::ChainOf10, chain)
        .timed(Case::StartAndEnd, start_and_end)
        .timed(Case::Join, join)
        .timed(Case::Each, each)
        .timed(Case::Match, choice)
        .timed(Case::Inline, inline)
        .timed(Case::SubFlow, sub_flow)
}

/// A stage that only passes its value on.
async fn pass(left: u32) -> u32 {
    arrived::one();
    black_box(left)
}

/// The work of a branch.
async fn work(n: u32) -> u32 {
    black_box(n)
}

async fn chain(times: u32) -> Duration {
    let start = Instant::now();
    let mut left = times;
    while left > 0 {
        let stages = pass(pass(pass(pass(pass(left).await).await).await).await).await;
        left = pass(pass(pass(pass(pass(stages).await).await).await).await).await - 1;
    }
    start.elapsed()
}

async fn start_and_end(times: u32) -> Duration {
    let start = Instant::now();
    for n in 0..times {
        pass(n).await;
    }
    start.elapsed()
}

macro_rules! joining {
    ($($branch:ident)*) => {
        async fn join(times: u32) -> Duration {
            $(
                async fn $branch(left: u32) -> u32 {
                    work(left).await
                }
            )*
            let start = Instant::now();
            let mut left = times;
            while left > 0 {
                let results = tokio::join!(work(left), $($branch(left)),*);
                left = arrived::joined(&hundred::array(results)) - 1;
            }
            start.elapsed()
        }
    };
}

with_names!(joining);

async fn each(times: u32) -> Duration {
    let start = Instant::now();
    let mut left = times;
    while left > 0 {
        let works = stream::iter(left..left + 100).map(work);
        let results: Vec<u32> = works.buffered(8).collect().await;
        left = arrived::in_order(&results) - 1;
    }
    start.elapsed()
}

/// One of the ten.
async fn arm<const OWN: u32>(left: u32) -> u32 {
    arrived::chosen(left, OWN);
    black_box(left)
}

async fn choice(times: u32) -> Duration {
    let start = Instant::now();
    let mut left = times;
    while left > 0 {
        let done = match Kind::of(left) {
            Kind::K0(left) => arm::<0>(left).await,
            Kind::K1(left) => arm::<1>(left).await,
            Kind::K2(left) => arm::<2>(left).await,
            Kind::K3(left) => arm::<3>(left).await,
            Kind::K4(left) => arm::<4>(left).await,
            Kind::K5(left) => arm::<5>(left).await,
            Kind::K6(left) => arm::<6>(left).await,
            Kind::K7(left) => arm::<7>(left).await,
            Kind::K8(left) => arm::<8>(left).await,
            Kind::K9(left) => arm::<9>(left).await,
        };
        left = done - 1;
    }
    start.elapsed()
}

async fn inline(times: u32) -> Duration {
    let start = Instant::now();
    let mut left = times;
    while left > 0 {
        left = pass(pass(pass(pass(pass(left).await).await).await).await).await - 1;
    }
    start.elapsed()
}

async fn three(left: u32) -> u32 {
    pass(pass(pass(left).await).await).await
}

async fn sub_flow(times: u32) -> Duration {
    let start = Instant::now();
    let mut left = times;
    while left > 0 {
        left = pass(three(pass(left).await).await).await - 1;
    }
    start.elapsed()
}
