//! Clocks, `finally`, and what ends an execution.

use std::time::Duration;

use flow_core::{Cx, Ending, Flow, Res, State, Tick, flow, handler};

use crate::flows::questions::{Update, decide, lapse};
use crate::flows::{
    Number, Review, add, close, count, double, even, note_number, number, slow, slow_number, tell,
};
use crate::harness::Effects;

#[handler]
async fn tick(tick: Tick, ticks: State<u32>, effects: Res<Effects>) -> Option<Number> {
    tokio::time::sleep(Duration::from_millis(50)).await;
    let (before, ticks) = ticks.with(|ticks| {
        let before = *ticks;
        *ticks += u32::try_from(tick.count()).unwrap();
        (before, *ticks)
    });
    effects.note(format!("tick {ticks}"));
    // Ticks that were missed come as one.
    (before < 4 && ticks >= 4).then_some(Number(4))
}

flow! {
    pub(crate) flow Clocks(u32) -> u32;
    durable;
    with Effects;
    state u32;
    start -> double -> ignore;
    every "1s" -> tick -> emit;
    when Number -> |Number(n)| n -> double -> end;
}

pub(crate) fn clocks(effects: Effects) -> Flow<Clocks> {
    Clocks::new().with(effects)
}

flow! {
    pub(crate) flow Finally(u32) -> u32;
    durable;
    with Effects;
    state u32;
    start -> double -> |n: u32| n + 1 -> even -> double -> end;
    finally within "30s" -> tell -> close;
}

pub(crate) fn finally(effects: Effects) -> Flow<Finally> {
    Finally::new().with(effects)
}

flow! {
    pub(crate) flow EndsFirst(u32) -> u32;
    durable;
    with Effects;
    start -> (number -> emit, double) -> |((), n)| n -> end;
    when Number -> note_number -> close;
}

pub(crate) fn ends_first(effects: Effects) -> Flow<EndsFirst> {
    EndsFirst::new().with(effects)
}

#[handler(on = Number)]
async fn stop_at_three(Number(n): Number, effects: Res<Effects>, cx: &Cx) {
    effects.note(format!("stop? {n}"));
    if n == 3 {
        cx.stop();
    }
}

flow! {
    pub(crate) flow Stops(u32);
    durable;
    with Effects;
    start -> count -> up_to_never -> ignore;
    when Number -> stop_at_three;
}

#[handler]
async fn up_to_never(effects: Res<Effects>) {
    tokio::time::sleep(Duration::from_secs(3600)).await;
    effects.note("never");
}

pub(crate) fn stops(effects: Effects) -> Flow<Stops> {
    Stops::new().with(effects)
}

flow! {
    pub(crate) flow EndsNow(u32) -> u32;
    durable;
    with Effects;
    start -> count;
    when Number -> slow_number -> double -> end now;
}

pub(crate) fn ends_now(effects: Effects) -> Flow<EndsNow> {
    EndsNow::new().with(effects)
}

#[handler]
async fn any_ending(_ending: Ending) -> u32 {
    20
}

#[handler]
async fn stop_finally(n: u32, effects: Res<Effects>, cx: &Cx) -> u32 {
    effects.note("stop finally");
    cx.stop();
    n
}

flow! {
    /// A handler stops the `finally`, and drops the one beside it.
    pub(crate) flow StopsFinally(u32) -> u32;
    durable;
    with Effects;
    start -> double -> end;
    finally within "10s" -> any_ending -> (stop_finally, slow) -> add -> ignore;
}

pub(crate) fn stops_finally(effects: Effects) -> Flow<StopsFinally> {
    StopsFinally::new().with(effects)
}

#[handler]
async fn stop_before(n: u32, effects: Res<Effects>, cx: &Cx) -> Review {
    effects.note("stop before");
    cx.stop();
    Review(n)
}

flow! {
    /// Nothing is asked any more.
    pub(crate) flow StopsBeforeAsking(u32) streams Update;
    durable;
    with Effects;
    start -> stop_before -> ask Review else lapse -> decide -> ignore;
}

pub(crate) fn stops_before_asking(effects: Effects) -> Flow<StopsBeforeAsking> {
    StopsBeforeAsking::new().with(effects)
}

flow! {
    /// The value of the `end` comes too late.
    pub(crate) flow StopsBeforeEnd(u32) -> u32;
    durable;
    with Effects;
    start -> double -> stop_finally -> end;
}

pub(crate) fn stops_before_end(effects: Effects) -> Flow<StopsBeforeEnd> {
    StopsBeforeEnd::new().with(effects)
}
