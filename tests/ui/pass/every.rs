//! Clauses of clocks: what they may lead to, and names that are near.
#![deny(warnings)]

use std::time::Duration;

use flow_core::{Cx, Event, FlowError, Result, State, Tick, flow, handler};

mod config {
    pub(crate) const PERIOD: std::time::Duration = std::time::Duration::from_secs(1);
}

#[derive(Clone, Event)]
struct Beat(u64);

#[handler]
async fn begin() {}

#[handler(emits = Beat)]
async fn beat(tick: Tick, cx: &Cx) {
    cx.emit(Beat(tick.count()));
}

#[handler]
async fn log(_: Beat) {}

#[handler]
async fn look(count: State<u64>) -> Result<Option<u64>> {
    Ok(count.with(|count| (*count > 3).then_some(*count)))
}

#[handler]
async fn several(tick: Tick) -> Vec<u64> {
    vec![tick.count(); 3]
}

#[handler]
async fn one(n: u64) -> u64 {
    n
}

#[handler]
async fn sum(_: Vec<u64>) {}

#[handler]
async fn every(_: Tick) {}

#[handler]
async fn nothing() -> Option<u64> {
    None
}

flow! {
    pub flow Polling -> u64;
    state u64;
    start -> begin;
    every "1s" -> look else nothing -> match { Some(n) => end, None => ignore }
}

flow! {
    flow Ticked(Tick);
    start -> every
}

macro_rules! beating {
    ($period:literal, $handler:ident) => {
        flow! { start -> begin; every $period -> $handler; when Beat -> log }
    };
}

fn main() {
    let _ = beating!("1s", beat);
    let _ = Polling::new().every_of::<look>(Duration::from_millis(5));
    let _ = flow! {
        flow -> u64;
        state u64;
        start -> begin;
        every "1s" -> beat;
        every "1m 30s" -> (begin, begin) -> ignore;
        every config::PERIOD -> several -> each one[2] -> sum;
        every Duration::from_secs(2) -> every;
        every "5s" -> self::every;
        every "10m" -> Ticked;
        every "1d" -> look -> match { Some(n) if n > 5 => one -> end now, _ => ignore };
        when Beat -> log;
        rescue look -> begin
    };
    let _: fn(FlowError) = drop;
}
