//! Like `hygiene`, for chains, joins, branches, rescues, states and named flows.
#![no_implicit_prelude]
#![allow(dead_code, non_upper_case_globals, unused_macros)]

mod core {}
mod std {}
mod alloc {}

struct Option;
struct Some;
struct None;
struct Result;
struct Ok;
struct Err;
struct String;
struct Vec;
struct Box;
struct Default;
struct Failed;
struct State;
struct Asked;
struct Ends;
struct Makes;
trait Send {}
trait Fn {}
trait Drop {}
const value: u8 = 1;
const joined: u8 = 2;
const events: u8 = 3;
macro_rules! assert { () => { no_such_thing }; }
macro_rules! panic { () => { no_such_thing }; }

use ::flow_core::{Cx, flow, handler};

#[derive(::flow_core::Event, ::std::clone::Clone)]
struct Left(u8);

#[derive(::flow_core::Event)]
struct Right {
    n: u8,
}

#[derive(::std::default::Default)]
struct Total(u8);

#[handler(emits = ["Left", "Right"])]
async fn begin(
    n: u8,
    cx: &Cx,
) -> ::std::result::Result<::std::vec::Vec<u8>, ::std::fmt::Error> {
    cx.emit(Left(n));
    cx.emit(Right { n });
    ::std::result::Result::Ok(::std::iter::Iterator::collect(
        ::std::iter::repeat_n(n, 3),
    ))
}

#[handler]
async fn work(n: u8, total: ::flow_core::State<Total>) -> ::std::result::Result<u8, ::std::fmt::Error> {
    total.with(|total| total.0 += n);
    ::std::result::Result::Ok(n)
}

#[handler]
async fn count(all: ::std::vec::Vec<u8>) -> usize {
    all.len()
}

#[handler]
async fn merge((all, _n): (::std::vec::Vec<u8>, usize)) -> ::std::option::Option<u8> {
    all.first().copied()
}

#[handler(on = "Right")]
async fn take(right: Right) {
    let _ = right.n;
}

#[handler]
async fn meet((_left, _right): (Left, Left2)) {}

#[derive(::flow_core::Event)]
struct Left2;

#[handler(on = "Left", emits = "Left2")]
async fn again(cx: &Cx) {
    cx.emit(Left2);
}

#[handler]
async fn log(_failed: ::flow_core::Failed<::std::fmt::Error>) {}

#[handler]
async fn tell(text: &'static str, cx: &Cx) {
    cx.put(text).await;
}

flow! {
    flow Inner(u8) -> u8;
    state Total;
    state u16 = |_: &u8| 3;
    start -> begin -> (each (work else skip)[2], count) -> merge -> match {
        ::std::option::Option::Some(n) if n > 3 => end,
        ::std::option::Option::Some(n) => end,
        ::std::option::Option::None => ignore
    };
    when Right { n } if n > 3 -> take else -> keep;
    when Left -> again;
    when Left & Left2 -> meet;
    rescue begin -> log
}

#[handler]
async fn keep(_n: ::flow_core::State<u16>) {}

fn main() {
    let mut outer = flow! { start(u8) -> Inner -> end }.blocking_iter(7);
    ::std::assert!(::std::iter::Iterator::next(&mut outer).is_none());
    ::std::assert_eq!(outer.output().unwrap(), 7);
}
