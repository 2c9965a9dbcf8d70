//! Small flows, each with a part of the language.

mod endings;
mod errors;
mod events;
mod questions;
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
