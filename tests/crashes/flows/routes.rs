//! Chains, joins, `first`, `each`, choices, and limits.

use std::collections::HashMap;
use std::time::Duration;

use flow_core::{Flow, Res, Result, State, flow, handler};

use crate::flows::{add, add_one, double, even, instead, slow, sum, up_to};
use crate::harness::Effects;

flow! {
    pub(crate) flow Chain(u32) -> u32;
    durable;
    with Effects;
    start -> double -> add_one -> double -> end;
}

pub(crate) fn chain(effects: Effects) -> Flow<Chain> {
    Chain::new().with(effects)
}

flow! {
    pub(crate) flow Join(u32) -> u32;
    durable;
    with Effects;
    start -> (double, slow -> double) -> add -> end;
}

pub(crate) fn join(effects: Effects) -> Flow<Join> {
    Join::new().with(effects)
}

flow! {
    pub(crate) flow Each(u32) -> u32;
    durable;
    with Effects;
    start -> up_to -> each (slow -> double)[2] -> sum -> end;
}

pub(crate) fn each(effects: Effects) -> Flow<Each> {
    Each::new().with(effects)
}

/// In another order in each `HashMap`.
#[handler]
async fn shuffled(n: u32) -> HashMap<u32, u32> {
    (0..n * 4).map(|key| (key, key * key)).collect()
}

#[handler]
async fn entry((key, square): (u32, u32), effects: Res<Effects>) -> u32 {
    effects.note(format!("entry {key}"));
    key + square
}

flow! {
    pub(crate) flow Unordered(u32) -> u32;
    durable;
    with Effects;
    start -> shuffled -> each (entry -> slow)[3] -> |all: Vec<u32>| all.into_iter().sum::<u32>()
        -> double -> end;
}

pub(crate) fn unordered(effects: Effects) -> Flow<Unordered> {
    Unordered::new().with(effects)
}

flow! {
    pub(crate) flow First(u32) -> u32;
    durable;
    with Effects;
    start -> first (slow -> slow -> slow, double -> slow) -> add_one -> end;
}

pub(crate) fn first(effects: Effects) -> Flow<First> {
    First::new().with(effects)
}

flow! {
    /// The branches of its first `first` wait for nothing.
    pub(crate) flow Firsts(u32) -> u32;
    durable;
    with Effects;
    start -> double -> first (|n: u32| n + 1, |n: u32| n + 2)
        -> (|n: u32| n, first (slow, double)) -> add -> end;
}

pub(crate) fn firsts(effects: Effects) -> Flow<Firsts> {
    Firsts::new().with(effects)
}

flow! {
    pub(crate) flow Glue(u32) -> u32;
    durable;
    with Effects;
    start -> double -> |n: u32| n + 1 -> match {
        n @ 0 => double,
        n => slow,
    } -> add_one -> end;
}

pub(crate) fn glue(effects: Effects) -> Flow<Glue> {
    Glue::new().with(effects)
}

/// Reads a state, waits, and writes back what it has read: right only if calls take turns.
#[handler]
async fn slowly(n: u32, total: State<u32>, effects: Res<Effects>) -> u32 {
    let before = total.with(|total| *total);
    tokio::time::sleep(Duration::from_millis(20)).await;
    total.with(|total| *total = before + n);
    effects.note(format!("slowly {n}"));
    before + n
}

flow! {
    pub(crate) flow Turns(u32) -> u32;
    durable;
    with Effects;
    state u32;
    start -> up_to -> each (|n: u32| n + 1 -> slowly) -> sum -> end;
}

pub(crate) fn turns(effects: Effects) -> Flow<Turns> {
    Turns::new().with(effects)
}

#[handler(timeout = "400ms")]
async fn hurried(n: u32, effects: Res<Effects>) -> Result<u32> {
    // With room on both sides, as on a server the time is that of the wall.
    tokio::time::sleep(Duration::from_millis(u64::from(250 * n))).await;
    effects.note(format!("in time {n}"));
    Ok(n)
}

flow! {
    pub(crate) flow Timed(u32) -> u32;
    durable;
    with Effects;
    start -> up_to -> each (hurried else instead)[1] -> sum -> end;
}

pub(crate) fn timed(effects: Effects) -> Flow<Timed> {
    Timed::new().with(effects)
}

flow! {
    pub(crate) flow Windows(u32) -> u32;
    durable;
    with Effects;
    start -> up_to -> each slow[2] -> each double -> sum -> end;
}

pub(crate) fn windows(effects: Effects) -> Flow<Windows> {
    Windows::new().with(effects)
}

flow! {
    pub(crate) flow Skips(u32) -> u32;
    durable;
    with Effects;
    start -> up_to -> each (slow -> |n: u32| n -> even else skip)[2] -> sum -> end;
}

pub(crate) fn skips(effects: Effects) -> Flow<Skips> {
    Skips::new().with(effects)
}

flow! {
    pub(crate) flow Limited(u32) -> u32;
    durable;
    concurrency 2;
    with Effects;
    start -> up_to -> each (slow -> double) -> sum -> end;
}

pub(crate) fn limited(effects: Effects) -> Flow<Limited> {
    Limited::new().with(effects)
}
