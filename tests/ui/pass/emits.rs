//! Values that hold events, in all places where `emit` can be.
#![allow(dead_code)]

use flow_core::{Event, Events, Failed, Result, flow, handler};

#[derive(Clone, Event)]
struct Passed(u32);

#[derive(Clone, Event)]
struct Rejected(String);

#[derive(Events)]
enum Verdict {
    Passed(Passed),
    Rejected { rejected: Rejected },
    Both((Passed, Option<Rejected>)),
}

enum Reply {
    Text(String),
    Verdict(Verdict),
}

#[handler]
async fn check(score: u32) -> Verdict {
    Verdict::Passed(Passed(score))
}

#[handler]
async fn fails(score: u32) -> Result<[Passed; 2]> {
    Ok([Passed(score), Passed(score)])
}

#[handler]
async fn twelve(
    n: u32,
) -> (
    Passed, Passed, Passed, Passed, Passed, Passed, Passed, Passed, Passed, Passed, Passed, Rejected,
) {
    let one = || Passed(n);
    let rejected = Rejected(n.to_string());
    (one(), one(), one(), one(), one(), one(), one(), one(), one(), one(), one(), rejected)
}

#[handler]
async fn none(_failed: Failed) -> [Passed; 2] {
    [Passed(0), Passed(0)]
}

#[handler]
async fn reply(score: u32) -> Reply {
    Reply::Text(score.to_string())
}

#[handler]
async fn reject(text: String) -> Rejected {
    Rejected(text)
}

#[handler]
async fn scores(n: u32) -> Vec<u32> {
    vec![n]
}

#[handler]
async fn all_done(_all: Vec<()>) {}

#[handler]
async fn both_done(_all: ((), ())) {}

#[handler(on = Passed)]
async fn publish(Passed(_): Passed) {}

#[handler(on = Rejected)]
async fn report(Rejected(_): Rejected) -> Option<Passed> {
    None
}

flow! {
    flow InArms(u32);
    start -> reply -> match {
        Reply::Text(text) if text.is_empty() => ignore,
        Reply::Text(text) => reject -> emit,
        Reply::Verdict(verdict) => emit,
    };
    when Passed -> publish;
    when Rejected -> report -> emit
}

flow! {
    flow InBranches(u32);
    start -> (check -> emit, fails else none -> emit) -> both_done;
    when Passed -> publish;
    when Rejected -> report -> emit
}

flow! {
    flow ForEach(u32);
    start -> scores -> each (check -> emit)[8] -> all_done;
    when Passed(n) if n > 3 -> publish else -> ignore;
    when Rejected -> report -> emit
}

flow! {
    flow OfAll(u32);
    start -> scores -> each check -> emit;
    when Passed -> publish;
    when Rejected -> report -> emit
}

flow! {
    flow OfTwelve(u32);
    start -> twelve -> emit;
    when Passed -> publish;
    when Rejected -> report -> emit
}

flow! {
    flow OfJoin(u32);
    start -> (check, fails else none) -> emit;
    when Passed -> publish;
    when Rejected -> report -> emit;
    finally within "1s" -> last -> emit
}

flow! {
    flow Rescued(u32);
    start -> fails -> emit;
    rescue -> explain -> emit;
    when Passed -> publish;
    when Rejected -> report -> emit
}

#[handler]
async fn explain(failed: Failed) -> Rejected {
    Rejected(failed.to_string())
}

#[handler]
async fn last() -> Option<Passed> {
    None
}

/// A handler of that name.
#[handler]
async fn r#emit(_n: u32) {}

flow! {
    flow Named(u32);
    start -> r#emit
}

fn main() {}
