//! Events, and those that meet.

use std::time::Duration;

use flow_core::{Cx, Event, Flow, Res, State, flow, handler};
use serde::{Deserialize, Serialize};

use crate::flows::{Doubled, Number, count, double, number, slow, up_to};
use crate::harness::Effects;

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

#[derive(Clone, Debug, Event, Serialize, Deserialize)]
struct Paid {
    order: u32,
    cents: u32,
}

#[derive(Clone, Debug, Event, Serialize, Deserialize)]
struct Packed {
    order: u32,
    boxes: u32,
}

#[handler]
async fn paid(order: u32) -> Paid {
    let cents = order * 100;
    Paid { order, cents }
}

/// The orders 2 and 3 are packed for one another, and order 1 for none that is paid.
#[handler]
async fn packed(n: u32) -> Packed {
    let (order, boxes) = (n ^ 1, n);
    Packed { order, boxes }
}

#[handler]
async fn shipped((paid, packed): (Paid, Packed), effects: Res<Effects>) -> u32 {
    assert_eq!(paid.order, packed.order);
    effects.note(format!("ship {paid:?} {packed:?}"));
    paid.cents + packed.boxes
}

#[handler(on = [Paid, Packed])]
async fn left_alone(effects: Res<Effects>) {
    effects.note("left alone".to_owned());
}

flow! {
    pub(crate) flow Matched(u32);
    durable;
    with Effects;
    start -> up_to -> each (slow -> (paid -> emit, packed -> emit) -> ignore)[2] -> ignore;
    when Paid & Packed by .order -> shipped -> double -> ignore
        else -> left_alone;
}

pub(crate) fn matched(effects: Effects) -> Flow<Matched> {
    Matched::new().with(effects)
}

#[handler]
async fn voted([Number(a), Number(b)]: [Number; 2], effects: Res<Effects>) -> u32 {
    effects.note(format!("voted {a} {b}"));
    a
}

#[handler]
async fn modulo(n: u32) -> Number {
    Number(n % 3)
}

flow! {
    pub(crate) flow TimesMatched(u32);
    durable;
    with Effects;
    start -> up_to -> each (slow -> modulo -> emit)[3] -> ignore;
    when Number[2] by .0 -> voted -> double -> ignore else -> |Number(n): Number| Doubled(n) -> emit;
    when Doubled -> total_of -> ignore;
}

pub(crate) fn times_matched(effects: Effects) -> Flow<TimesMatched> {
    TimesMatched::new().with(effects)
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
