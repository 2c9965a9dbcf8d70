//! Like `lints`, for chains, joins, branches, rescues, states and named flows.
#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub)]
#![deny(rust_2018_idioms, unused_qualifications, single_use_lifetimes, unsafe_code)]

use flow_core::{Cx, Event, Failed, Res, State, flow, handler};

/// An event.
#[derive(Clone, Debug, Event)]
pub struct Left(pub u8);

/// Another one.
#[derive(Debug, Event)]
pub struct Right;

/// A state.
#[derive(Debug, Default)]
pub struct Total(u8);

/// A resource.
#[derive(Debug)]
pub struct Llm;

/// Begins.
#[handler(emits = ["Left", "Right"])]
pub async fn begin(n: u8, cx: &Cx, _llm: Res<Llm>) -> Result<Vec<u8>, std::fmt::Error> {
    cx.emit(Left(n));
    cx.emit(Right);
    Ok(vec![n])
}

#[handler]
async fn work(n: u8, total: State<Total>) -> Result<u8, std::fmt::Error> {
    total.with(|total| total.0 += n);
    Ok(n)
}

#[handler]
async fn count(all: Vec<u8>) -> usize {
    all.len()
}

#[handler]
async fn meet((_left, _right): (Left, Right)) {}

#[handler]
async fn log(_failed: Failed<std::fmt::Error>) {}

flow! {
    /// A flow.
    pub flow Inner(u8) -> (Vec<u8>, usize);
    with Llm;
    state Total;
    state u16 = |n: &u8| u16::from(*n);
    start -> begin -> (each (work else skip)[2], count) -> match { (all, n) if n > 3 => end, both => end };
    when Left & Right -> meet;
    when Left(n) if n > 3 -> again else if n == 2 -> ignore else -> again -> ignore;
    rescue begin -> log
}

#[handler(on = "Left")]
async fn again(_n: State<u16>) {}

#[handler(emits = "Left")]
async fn one(n: u8, cx: &Cx) {
    cx.emit(Left(n));
}

#[handler(on = "Left")]
async fn low(Left(n): Left) -> u8 {
    n
}

#[handler(on = "Left")]
async fn high(Left(n): Left) -> u8 {
    n / 2
}

flow! {
    /// Both ways end.
    pub flow Either(u8) -> u8;
    start -> one;
    when Left(n) if n > 3 -> high -> end else -> low -> end
}

fn main() {
    let flow = flow! { with Llm; start(u8) -> Inner -> end };
    let mut outer = flow.with(Llm).blocking_iter(7);
    assert!(outer.next().is_none());
    assert_eq!(outer.output().unwrap(), (vec![7], 1));
}
