//! Small flows, each with a part of the language.

mod endings;
mod errors;
mod events;
pub(crate) mod questions;
mod routes;
mod stages;

use std::time::Duration;

use flow_core::{Cx, Ending, Event, Failed, Res, Result, State, handler};
use serde::{Deserialize, Serialize};

use crate::harness::Effects;

pub(crate) use crate::flows::endings::{
    clocks, ends_first, ends_now, finally, stops, stops_before_asking, stops_before_end,
    stops_finally,
};
pub(crate) use crate::flows::errors::{
    boxed, caused, declined, fails, fails_together, item_fails, lent, panics, recorded, rescued,
    retried, rival_fails, stand_in, undone,
};
pub(crate) use crate::flows::events::{events, left_over, matched, partners, times, times_matched};
pub(crate) use crate::flows::questions::{
    ask_clause, ask_each, ask_stage, expires, reminded, reminded_each,
};
pub(crate) use crate::flows::routes::{
    chain, each, first, firsts, glue, join, limited, skips, timed, turns, unordered, windows,
};
pub(crate) use crate::flows::stages::{alike, approvals, failing_stage, stages};

#[derive(Clone, Debug, Serialize, Deserialize, Event)]
pub(crate) struct Number(pub(crate) u32);

#[derive(Clone, Debug, Serialize, Deserialize, Event)]
pub(crate) struct Doubled(pub(crate) u32);

#[derive(Clone, Debug, Serialize, Deserialize, Event)]
#[event(answer = bool)]
pub(crate) struct Review(pub(crate) u32);

#[handler]
pub(crate) async fn double(n: u32, effects: Res<Effects>) -> u32 {
    effects.note(format!("double {n}"));
    n * 2
}

#[handler]
pub(crate) async fn add_one(n: u32, effects: Res<Effects>, cx: &Cx) -> u32 {
    cx.put(format!("add one to {n}")).await;
    effects.note(format!("add one to {n}"));
    n + 1
}

#[handler]
pub(crate) async fn slow(n: u32, effects: Res<Effects>) -> u32 {
    tokio::time::sleep(Duration::from_millis(u64::from(n))).await;
    effects.note(format!("slow {n}"));
    n + 100
}

#[handler]
pub(crate) async fn up_to(n: u32) -> Vec<u32> {
    (1..=n).collect()
}

#[handler]
pub(crate) async fn sum(numbers: Vec<u32>, effects: Res<Effects>) -> u32 {
    effects.note(format!("sum {numbers:?}"));
    numbers.iter().sum()
}

#[handler]
pub(crate) async fn add((a, b): (u32, u32), effects: Res<Effects>) -> u32 {
    effects.note(format!("add {a} {b}"));
    a + b
}

#[handler]
pub(crate) async fn even(n: u32, effects: Res<Effects>) -> Result<u32> {
    effects.note(format!("even {n}"));
    if n.is_multiple_of(2) {
        Ok(n)
    } else {
        Err(format!("{n} is odd").into())
    }
}

#[handler]
pub(crate) async fn instead(failed: Failed, effects: Res<Effects>) -> u32 {
    effects.note(format!("instead: {failed:#}"));
    1_000
}

#[handler(emits = Number)]
pub(crate) async fn count(n: u32, effects: Res<Effects>, cx: &Cx) {
    for n in 1..=n {
        cx.emit(Number(n));
        cx.put(format!("counted {n}")).await;
    }
    effects.note("count");
}

#[handler]
pub(crate) async fn number(n: u32) -> Number {
    Number(n)
}

#[handler]
pub(crate) async fn tell(ending: Ending, ticks: State<u32>, effects: Res<Effects>, cx: &Cx) {
    cx.put(format!(
        "told {ending:?} after {}",
        ticks.with(|ticks| *ticks)
    ))
    .await;
    effects.note("tell");
}

#[handler]
pub(crate) async fn close(effects: Res<Effects>) {
    effects.note("close");
}

#[handler]
pub(crate) async fn note_number(Number(n): Number, effects: Res<Effects>) {
    tokio::time::sleep(Duration::from_millis(10)).await;
    effects.note(format!("after the end {n}"));
}

#[handler(on = Number)]
pub(crate) async fn slow_number(Number(n): Number, effects: Res<Effects>) -> u32 {
    tokio::time::sleep(Duration::from_millis(u64::from(10 * n))).await;
    effects.note(format!("slow number {n}"));
    n
}

/// Calls a macro with the name of each flow, its input, and the answers to its questions.
macro_rules! every_flow {
    ($list:ident) => {
        $list! {
            chain(20) Answers::new();
            join(20) Answers::new();
            each(5) Answers::new();
            unordered(2) Answers::new();
            first(20) Answers::new();
            firsts(20) Answers::new();
            glue(20) Answers::new();
            stand_in(5) Answers::new();
            rescued(20) Answers::new();
            fails(20) Answers::new();
            events(4) Answers::new();
            partners(4) Answers::new();
            times(4) Answers::new();
            matched(4) Answers::new();
            times_matched(5) Answers::new();
            ask_stage(3) answer("Review", &true);
            ask_each(4) answer("Review", &true);
            ask_clause(3) answer("Review", &true);
            clocks(4) Answers::new();
            finally(3) Answers::new();
            ends_first(3) Answers::new();
            retried(3) Answers::new();
            turns(4) Answers::new();
            undone(4) Answers::new();
            stops(4) Answers::new();
            ends_now(4) Answers::new();
            panics(4) Answers::new();
            timed(4) Answers::new();
            windows(6) Answers::new();
            caused(5) Answers::new();
            skips(5) Answers::new();
            expires(3) Answers::new();
            // In memory, nobody could answer what the reader of the items has dropped.
            reminded(3) answer("another question", &true);
            reminded_each(3) answer("another question", &true);
            limited(5) Answers::new();
            stages(3) Answers::new();
            alike(4) Answers::new();
            approvals(2) answer("Review", &true);
            failing_stage(2) Answers::new();
            recorded(2) Answers::new();
            lent(3) Answers::new();
            boxed(2) Answers::new();
            declined(2) Answers::new();
            left_over(2) Answers::new();
            stops_finally(2) Answers::new();
            fails_together(5) Answers::new();
            rival_fails(5) Answers::new();
            item_fails(2) Answers::new();
            stops_before_asking(2) Answers::new();
            stops_before_end(2) Answers::new();
        }
    };
}

pub(crate) use every_flow;
