//! Small flows, each with a part of the language.

use std::collections::HashMap;
use std::time::Duration;

use flow_core::{
    Answered, Asked, Cx, Ending, Event, Failed, Flow, FlowError, Recorded, Res, Result, State,
    Tick, flow, handler,
};
use serde::{Deserialize, Serialize};

use crate::harness::Effects;

#[derive(Clone, Debug, Serialize, Deserialize, Event)]
pub(crate) struct Number(pub(crate) u32);

#[derive(Clone, Debug, Serialize, Deserialize, Event)]
pub(crate) struct Doubled(pub(crate) u32);

#[derive(Clone, Debug, Serialize, Deserialize, Event)]
#[event(answer = bool)]
pub(crate) struct Review(pub(crate) u32);

#[handler]
async fn double(n: u32, effects: Res<Effects>) -> u32 {
    effects.note(format!("double {n}"));
    n * 2
}

#[handler]
async fn add_one(n: u32, effects: Res<Effects>, cx: &Cx) -> u32 {
    cx.put(format!("add one to {n}")).await;
    effects.note(format!("add one to {n}"));
    n + 1
}

#[handler]
async fn slow(n: u32, effects: Res<Effects>) -> u32 {
    tokio::time::sleep(Duration::from_millis(u64::from(n))).await;
    effects.note(format!("slow {n}"));
    n + 100
}

#[handler]
async fn up_to(n: u32) -> Vec<u32> {
    (1..=n).collect()
}

#[handler]
async fn sum(numbers: Vec<u32>, effects: Res<Effects>) -> u32 {
    effects.note(format!("sum {numbers:?}"));
    numbers.iter().sum()
}

#[handler]
async fn add((a, b): (u32, u32), effects: Res<Effects>) -> u32 {
    effects.note(format!("add {a} {b}"));
    a + b
}

#[handler]
async fn even(n: u32, effects: Res<Effects>) -> Result<u32> {
    effects.note(format!("even {n}"));
    if n.is_multiple_of(2) {
        Ok(n)
    } else {
        Err(format!("{n} is odd").into())
    }
}

#[handler]
async fn instead(failed: Failed, effects: Res<Effects>) -> u32 {
    effects.note(format!("instead: {failed:#}"));
    1_000
}

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

#[handler(emits = Number)]
async fn count(n: u32, effects: Res<Effects>, cx: &Cx) {
    for n in 1..=n {
        cx.emit(Number(n));
        cx.put(format!("counted {n}")).await;
    }
    effects.note("count");
}

#[handler(on = Number, emits = Doubled)]
async fn double_event(Number(n): Number, effects: Res<Effects>, cx: &Cx) {
    effects.note(format!("double event {n}"));
    cx.emit(Doubled(n * 2));
}

#[handler(on = Doubled)]
async fn total(Doubled(n): Doubled, total: State<u32>, effects: Res<Effects>, cx: &Cx) -> u32 {
    let now = total.with(|total| {
        *total += n;
        *total
    });
    tokio::time::sleep(Duration::from_millis(5)).await;
    effects.note(format!("total {n}"));
    cx.put(format!("total {now}")).await;
    now
}

flow! {
    pub(crate) flow Events(u32);
    durable;
    with Effects;
    state u32;
    start -> count;
    when Number -> double_event;
    when Doubled -> total -> ignore;
}

pub(crate) fn events(effects: Effects) -> Flow<Events> {
    Events::new().with(effects)
}

#[handler]
async fn number(n: u32) -> Number {
    Number(n)
}

#[handler]
async fn doubled(n: u32) -> Doubled {
    Doubled(n * 2)
}

#[handler]
async fn pair((Number(a), Doubled(b)): (Number, Doubled), effects: Res<Effects>) -> u32 {
    effects.note(format!("pair {a} {b}"));
    a + b
}

#[handler]
async fn three([Number(a), Number(b), Number(c)]: [Number; 3], effects: Res<Effects>) -> u32 {
    effects.note(format!("three {a} {b} {c}"));
    a * 100 + b * 10 + c
}

flow! {
    pub(crate) flow Partners(u32);
    durable;
    with Effects;
    start -> up_to -> each (slow -> (number -> emit, doubled -> emit) -> ignore)[2] -> ignore;
    when Number & Doubled -> pair -> double -> ignore;
}

pub(crate) fn partners(effects: Effects) -> Flow<Partners> {
    Partners::new().with(effects)
}

flow! {
    pub(crate) flow Times(u32);
    durable;
    with Effects;
    start -> count;
    when Number[3] -> three -> double -> ignore else -> double_event;
    when Doubled -> total_of -> ignore;
}

#[handler(on = Doubled)]
async fn total_of(Doubled(n): Doubled, effects: Res<Effects>) {
    effects.note(format!("left {n}"));
}

pub(crate) fn times(effects: Effects) -> Flow<Times> {
    Times::new().with(effects)
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Update {
    Text(String),
    Asked { number: u64, of: u32 },
}

impl From<String> for Update {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Asked<Review>> for Update {
    fn from(asked: Asked<Review>) -> Self {
        Self::Asked {
            number: asked.id.to_string().parse().unwrap(),
            of: asked.question.0,
        }
    }
}

#[handler]
async fn review(n: u32, effects: Res<Effects>) -> Review {
    effects.note(format!("review {n}"));
    Review(n)
}

#[handler]
async fn decide(answered: Answered<Review>, effects: Res<Effects>) -> u32 {
    effects.note(format!(
        "decide {} {}",
        answered.question.0, answered.answer
    ));
    if answered.answer {
        answered.question.0
    } else {
        0
    }
}

#[handler]
async fn lapse(Review(n): Review, effects: Res<Effects>) -> bool {
    effects.note(format!("lapse {n}"));
    false
}

#[handler]
async fn expire(Review(n): Review, effects: Res<Effects>) -> u32 {
    effects.note(format!("expire {n}"));
    n + 7
}

flow! {
    pub(crate) flow AskStage(u32) -> u32 streams Update;
    durable;
    with Effects;
    start -> double -> review -> ask Review -> decide -> double -> end;
}

pub(crate) fn ask_stage(effects: Effects) -> Flow<AskStage> {
    AskStage::new().with(effects)
}

flow! {
    pub(crate) flow AskEach(u32) -> u32 streams Update;
    durable;
    with Effects;
    start -> up_to -> each (slow -> review -> ask Review within "1h" else lapse -> decide)[2]
        -> sum -> end;
}

pub(crate) fn ask_each(effects: Effects) -> Flow<AskEach> {
    AskEach::new().with(effects)
}

flow! {
    pub(crate) flow AskClause(u32) -> u32 streams Update;
    durable;
    with Effects;
    start -> double -> review -> emit;
    ask Review within "2h" -> decide -> end else -> expire -> end;
}

pub(crate) fn ask_clause(effects: Effects) -> Flow<AskClause> {
    AskClause::new().with(effects)
}

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

#[handler]
async fn tell(ending: Ending, ticks: State<u32>, effects: Res<Effects>, cx: &Cx) {
    cx.put(format!(
        "told {ending:?} after {}",
        ticks.with(|ticks| *ticks)
    ))
    .await;
    effects.note("tell");
}

#[handler]
async fn close(effects: Res<Effects>) {
    effects.note("close");
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

#[handler]
async fn note_number(Number(n): Number, effects: Res<Effects>) {
    tokio::time::sleep(Duration::from_millis(10)).await;
    effects.note(format!("after the end {n}"));
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

#[handler(on = Number)]
async fn slow_number(Number(n): Number, effects: Res<Effects>) -> u32 {
    tokio::time::sleep(Duration::from_millis(u64::from(10 * n))).await;
    effects.note(format!("slow number {n}"));
    n
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
    pub(crate) flow Expires(u32) -> u32 streams Update;
    durable;
    with Effects;
    start -> double -> (review -> emit, review -> ask_later -> ignore) -> ignore;
    ask Review within "2h" -> decide -> end else -> expire -> double -> end;
}

#[handler]
async fn ask_later(Review(n): Review, effects: Res<Effects>) -> u32 {
    tokio::time::sleep(Duration::from_millis(50)).await;
    effects.note(format!("later {n}"));
    n
}

pub(crate) fn expires(effects: Effects) -> Flow<Expires> {
    Expires::new().with(effects)
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

flow! {
    pub(crate) flow Inner(u32) -> u32;
    durable;
    with Effects;
    state u32;
    start -> slow -> (number -> emit, double) -> |((), n)| n -> end;
    when Number -> slow_number -> remember;
}

#[handler]
async fn remember(n: u32, total: State<u32>, effects: Res<Effects>, cx: &Cx) {
    let total = total.with(|total| {
        *total += n;
        *total
    });
    cx.put(format!("remembers {total}")).await;
    effects.note(format!("remember {n}"));
}

flow! {
    pub(crate) flow Stages(u32) -> u32;
    durable;
    with Effects;
    start -> up_to -> each (Inner -> double)[2] -> sum -> end;
}

pub(crate) fn stages(effects: Effects) -> Flow<Stages> {
    Stages::new().with(effects)
}

flow! {
    pub(crate) flow Quick(u32) -> u32;
    durable;
    with Effects;
    start -> double -> end;
}

flow! {
    /// Stages that end together, each with a call after it.
    pub(crate) flow Alike(u32) -> u32;
    durable;
    with Effects;
    start -> up_to -> each (Quick -> double)[3] -> sum -> end;
}

pub(crate) fn alike(effects: Effects) -> Flow<Alike> {
    Alike::new().with(effects)
}

flow! {
    pub(crate) flow Approval(u32) -> u32 streams Update;
    durable;
    with Effects;
    start -> review -> emit;
    ask Review within "72h" -> decide -> slow -> end else -> expire -> end;
}

flow! {
    pub(crate) flow Approvals(u32) -> u32 streams Update;
    durable;
    with Effects;
    start -> double -> (Approval, Approval -> slow) -> add -> Approval -> end;
}

pub(crate) fn approvals(effects: Effects) -> Flow<Approvals> {
    Approvals::new().with(effects)
}

flow! {
    pub(crate) flow Doubtful(u32) -> u32;
    durable;
    with Effects;
    start -> slow -> even -> end;
}

flow! {
    pub(crate) flow FailingStage(u32) -> u32;
    durable;
    with Effects;
    start -> up_to -> each (Doubtful else doubted)[2] -> |all: Vec<u32>| all.into_iter().take(2).count()
        -> counted -> Stages -> end;
}

pub(crate) fn failing_stage(effects: Effects) -> Flow<FailingStage> {
    FailingStage::new().with(effects)
}

#[handler]
async fn counted(count: usize) -> u32 {
    u32::try_from(count).unwrap()
}

#[handler]
async fn doubted(failed: Failed<FlowError>, effects: Res<Effects>) -> u32 {
    effects.note(format!("doubted: {:#}", failed.error));
    1
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

#[handler(emits = [Number, Doubled])]
async fn scatter(n: u32, effects: Res<Effects>, cx: &Cx) {
    cx.emit(Number(n));
    cx.emit(Doubled(n));
    cx.emit(Number(n));
    effects.note("scatter");
}

#[handler]
async fn two([Doubled(n), _]: [Doubled; 2], effects: Res<Effects>) -> u32 {
    effects.note("two");
    n
}

#[handler(emits = Number)]
async fn alone(Doubled(n): Doubled, effects: Res<Effects>, cx: &Cx) {
    cx.emit(Number(n));
    effects.note("alone");
}

flow! {
    /// What is left over of one kind brings another kind its last event, before which crashes come.
    pub(crate) flow LeftOver(u32) -> u32;
    durable;
    with Effects;
    start -> scatter;
    when Number[3] -> three -> end;
    when Doubled[2] -> two -> end
        else -> alone;
}

pub(crate) fn left_over(effects: Effects) -> Flow<LeftOver> {
    LeftOver::new().with(effects)
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
