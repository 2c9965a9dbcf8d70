//! Errors: stand-ins, rescues, retries, and what fails beside others.

use std::time::Duration;

use flow_core::{Cx, Failed, Flow, Recorded, Res, Result, State, flow, handler};
use serde::{Deserialize, Serialize};

use crate::flows::{
    Number, add, add_one, close, count, double, even, instead, note_number, slow, sum, tell, up_to,
};
use crate::harness::Effects;

flow! {
    pub(crate) flow StandIn(u32) -> u32;
    durable;
    with Effects;
    start -> up_to -> each (even else instead)[3] -> sum -> end;
}

pub(crate) fn stand_in(effects: Effects) -> Flow<StandIn> {
    StandIn::new().with(effects)
}

flow! {
    pub(crate) flow Rescued(u32) -> u32;
    durable;
    with Effects;
    start -> double -> |n: u32| n + 1 -> even -> double -> end;
    rescue even -> instead -> double -> end;
}

pub(crate) fn rescued(effects: Effects) -> Flow<Rescued> {
    Rescued::new().with(effects)
}

flow! {
    pub(crate) flow Fails(u32) -> u32;
    durable;
    with Effects;
    start -> double -> |n: u32| n + 1 -> even -> double -> end;
}

pub(crate) fn fails(effects: Effects) -> Flow<Fails> {
    Fails::new().with(effects)
}

#[handler(retry(attempts = 4, backoff = "1s", jitter = false), emits = Number)]
async fn flaky(n: u32, effects: Res<Effects>, total: State<u32>, cx: &Cx) -> Result<u32> {
    total.with(|total| *total += n);
    cx.emit(Number(cx.attempt()));
    tokio::time::sleep(Duration::from_millis(3)).await;
    effects.note(format!("attempt {}", cx.attempt()));
    if cx.attempt() < 3 {
        Err("not yet".into())
    } else {
        Ok(n)
    }
}

flow! {
    pub(crate) flow Retried(u32);
    durable;
    with Effects;
    state u32;
    start -> flaky -> |n: u32| n -> add_total -> ignore;
    when Number -> note_number;
}

#[handler]
async fn add_total(n: u32, total: State<u32>, cx: &Cx) -> u32 {
    let total = total.with(|total| *total);
    cx.put(format!("{n} {total}")).await;
    total
}

pub(crate) fn retried(effects: Effects) -> Flow<Retried> {
    Retried::new().with(effects)
}

#[handler(emits = Number)]
async fn fails_halfway(n: u32, total: State<u32>, effects: Res<Effects>, cx: &Cx) -> Result<u32> {
    total.with(|total| *total += n);
    cx.emit(Number(n));
    effects.note(format!("fails {n}"));
    if n.is_multiple_of(2) {
        Err("even".into())
    } else {
        Ok(n)
    }
}

flow! {
    pub(crate) flow Undone(u32);
    durable;
    with Effects;
    state u32;
    start -> up_to -> each (fails_halfway else instead) -> sum -> add_total -> ignore;
    when Number -> note_number;
}

pub(crate) fn undone(effects: Effects) -> Flow<Undone> {
    Undone::new().with(effects)
}

#[handler]
async fn panics_at(n: u32, effects: Res<Effects>) -> u32 {
    effects.note(format!("panics {n}"));
    assert!(n < 5, "too many");
    n
}

flow! {
    pub(crate) flow Panics(u32) -> u32;
    durable;
    with Effects;
    state u32;
    start -> double -> panics_at -> end;
    finally within "30s" -> tell -> close;
}

pub(crate) fn panics(effects: Effects) -> Flow<Panics> {
    Panics::new().with(effects)
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Odd(u32);

impl std::fmt::Display for Odd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} is odd", self.0)
    }
}

impl std::error::Error for Odd {}

#[handler(on = Number)]
async fn strictly_even(Number(n): Number, effects: Res<Effects>) -> Result<u32, Odd> {
    effects.note(format!("strictly {n}"));
    if n.is_multiple_of(2) {
        Ok(n)
    } else {
        Err(Odd(n))
    }
}

#[handler]
async fn note_cause(failed: Failed<Odd, Number>, effects: Res<Effects>) -> u32 {
    effects.note(format!("{} of {:?}", failed.error, failed.cause));
    failed.error.0
}

flow! {
    pub(crate) flow Caused(u32);
    durable;
    with Effects;
    start -> count;
    when Number -> strictly_even -> double -> ignore;
    rescue strictly_even -> note_cause -> double -> ignore;
}

pub(crate) fn caused(effects: Effects) -> Flow<Caused> {
    Caused::new().with(effects)
}

/// Without serde's traits.
#[derive(Debug)]
struct Declined {
    missing: u32,
}

impl std::fmt::Display for Declined {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} cents are missing", self.missing)
    }
}

impl std::error::Error for Declined {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&std::fmt::Error)
    }
}

#[handler]
async fn charge(n: u32, effects: Res<Effects>) -> Result<u32, Declined> {
    effects.note(format!("charge {n}"));
    Err(Declined { missing: n })
}

#[handler]
async fn withdraw(Number(n): Number, effects: Res<Effects>) -> Result<u32, Declined> {
    effects.note(format!("withdraw {n}"));
    Err(Declined { missing: n })
}

#[handler]
async fn owe(failed: Failed<Recorded>, effects: Res<Effects>) -> u32 {
    let chain: Vec<_> = failed.error.chain().collect();
    effects.note(format!("owe: {:?} {chain:?}", failed.error.kind()));
    7
}

#[handler]
async fn owe_of(failed: Failed<Recorded, Number>, effects: Res<Effects>) -> u32 {
    effects.note(format!("owe {:?}: {}", failed.cause, failed.error));
    7
}

flow! {
    pub(crate) flow Recordeds(u32);
    durable;
    with Effects;
    start -> up_to -> each (charge else owe) -> sum -> count;
    when Number -> withdraw -> ignore;
    rescue withdraw -> owe_of -> ignore;
}

pub(crate) fn recorded(effects: Effects) -> Flow<Recordeds> {
    Recordeds::new().with(effects)
}

/// serde reads such a reference only from what lives for ever.
#[handler]
async fn lend(n: u32, effects: Res<Effects>) -> Result<u32, &'static str> {
    effects.note(format!("lend {n}"));
    if n == 2 { Ok(n) } else { Err("no money") }
}

#[handler]
async fn borrow(Number(n): Number, effects: Res<Effects>) -> Result<u32, &'static str> {
    effects.note(format!("borrow {n}"));
    Err("no money either")
}

flow! {
    pub(crate) flow Lends(u32);
    durable;
    with Effects;
    start -> up_to -> each (lend else owe) -> sum -> count;
    when Number -> borrow -> ignore;
    rescue borrow -> owe_of -> ignore;
}

pub(crate) fn lent(effects: Effects) -> Flow<Lends> {
    Lends::new().with(effects)
}

flow! {
    pub(crate) flow Boxes(u32);
    durable;
    with Effects;
    start -> count;
    when Number -> withdraw -> ignore;
    rescue -> instead -> double -> ignore;
}

pub(crate) fn boxed(effects: Effects) -> Flow<Boxes> {
    Boxes::new().with(effects)
}

flow! {
    pub(crate) flow Declines(u32);
    durable;
    with Effects;
    start -> double -> charge -> ignore;
}

pub(crate) fn declined(effects: Effects) -> Flow<Declines> {
    Declines::new().with(effects)
}

flow! {
    /// A branch fails when the one after it has ended well, which is not called again.
    pub(crate) flow FailsTogether(u32) -> u32;
    durable;
    with Effects;
    start -> ((slow -> even, double) -> add) else instead -> add_one -> end;
}

pub(crate) fn fails_together(effects: Effects) -> Flow<FailsTogether> {
    FailsTogether::new().with(effects)
}

flow! {
    pub(crate) flow RivalFails(u32) -> u32;
    durable;
    with Effects;
    start -> first ((slow -> even, double) -> add, slow -> slow -> slow) -> add_one -> end;
}

pub(crate) fn rival_fails(effects: Effects) -> Flow<RivalFails> {
    RivalFails::new().with(effects)
}

/// The later the number, the sooner it is done.
#[handler]
async fn backwards(n: u32, effects: Res<Effects>) -> u32 {
    tokio::time::sleep(Duration::from_millis(u64::from(100 - n))).await;
    effects.note(format!("backwards {n}"));
    n
}

flow! {
    pub(crate) flow ItemFails(u32) -> u32;
    durable;
    with Effects;
    start -> up_to -> (each (backwards -> even) -> sum) else instead -> add_one -> end;
}

pub(crate) fn item_fails(effects: Effects) -> Flow<ItemFails> {
    ItemFails::new().with(effects)
}
