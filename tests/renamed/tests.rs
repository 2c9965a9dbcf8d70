//! Each form of each macro, with the path of flow-core.

#![allow(clippy::unwrap_used)]

use std::time::Duration;

use futures::StreamExt;
use renamed::{Answered, Asked, BoxError, Failed, Res, Result, State};

use crate::prelude::*;

mod events {
    use crate::prelude::Event;

    /// A question.
    #[derive(Clone, Debug, Event)]
    #[event(answer = bool, crate = crate::flow_core)]
    pub(super) struct Review(pub(super) u32);

    #[derive(Clone, Event)]
    #[event(crate = "renamed")]
    pub(super) struct Parts(pub(super) Vec<u32>);

    #[derive(Clone, Event)]
    #[event(crate = super::super::flow_core)]
    pub(super) struct Left;

    #[derive(Clone, Event)]
    #[event(crate = renamed)]
    pub(super) struct Right(pub(super) u32);

    #[derive(Clone, Event)]
    #[event(crate = ::renamed)]
    pub(super) struct Poke;
}
use events::{Left, Parts, Poke, Review, Right};

struct Base(u32);

#[derive(Default)]
struct Total(u32);

const LIMIT: Duration = Duration::from_secs(60);

#[handler(crate = crate::flow_core, emits = [Left, Right, Parts])]
async fn split(n: u32, cx: &Cx, base: Res<Base>) {
    cx.emit(Left);
    cx.emit(Right(n));
    cx.emit(Parts((0..base.0).collect()));
}

#[handler(on = Parts, crate = renamed)]
async fn list(Parts(parts): Parts) -> Vec<u32> {
    parts
}

#[handler(crate = renamed)]
async fn double(n: u32) -> u32 {
    n * 2
}

#[handler(crate = "renamed")]
async fn add(numbers: Vec<u32>, total: State<Total>) -> u32 {
    total.with(|total| {
        total.0 += numbers.iter().sum::<u32>();
        total.0
    })
}

#[handler(
    crate = renamed,
    timeout = LIMIT,
    retry(attempts = 3, backoff = "1ms", if = is_worth_it),
    concurrency = 2,
    streams = String
)]
async fn fails_once((_, Right(n)): (Left, Right), cx: &Cx) -> Result<u32> {
    cx.put(format!("attempt {}", cx.attempt())).await;
    if cx.attempt() == 1 {
        return Err("once".into());
    }
    Ok(n)
}

fn is_worth_it(_: &BoxError) -> bool {
    true
}

#[handler(crate = renamed, emits = Review)]
async fn ask(n: u32, cx: &Cx) {
    cx.emit(Review(n));
}

#[handler(crate = renamed)]
async fn decide(review: Answered<Review>) -> Option<u32> {
    review.answer.then_some(review.question.0)
}

#[handler(crate = renamed)]
async fn refuse(_: Review) -> Result<u32> {
    Err("nobody answered".into())
}

#[handler(crate = renamed)]
async fn excuse(failed: Failed<BoxError>) -> u32 {
    u32::try_from(failed.handler.len()).unwrap()
}

#[handler(crate = renamed)]
async fn pair((one, other): (u32, u32)) -> u32 {
    one + other
}

#[handler(crate = renamed)]
async fn poked(_: Poke) {}

says!(speak, "from a macro of the facade");

flow! {
    /// Doubles.
    flow Double(u32) -> u32;
    crate = renamed;
    start -> double -> end
}

flow! {
    #[deprecated]
    #[allow(dead_code)]
    flow Old;
    crate = renamed;
    start -> speak
}

/// An item of the stream.
enum Said {
    Words(String),
    Asked(Asked<Review>),
}

impl From<String> for Said {
    fn from(words: String) -> Self {
        Self::Words(words)
    }
}

impl From<Asked<Review>> for Said {
    fn from(asked: Asked<Review>) -> Self {
        Self::Asked(asked)
    }
}

#[tokio::test(start_paused = true)]
async fn all_forms_of_clauses_and_routes_work_under_another_name() {
    let flow = flow! {
        flow (u32) -> u32 streams Said;
        crate = crate::flow_core;
        with Base;
        state Total;
        external Poke;
        timeout "1h";
        idle_timeout LIMIT;
        max_events 100;
        start -> split;
        when Parts -> list -> each double[2] -> add -> ignore;
        when Left & Right -> fails_once -> (double, Double) -> pair -> ask;
        ask Review within "1s" -> decide -> match { Some(n) => end, None => ignore } else -> refuse -> end;
        when Poke -> poked;
        rescue refuse -> excuse -> end
    };
    let flow = flow.with(Base(4));
    for (answer, output) in [(Some(true), 12), (None, 6)] {
        let mut execution = flow.stream(3);
        let mut words = Vec::new();
        let mut asked = None;
        while let Some(said) = execution.next().await {
            match said.unwrap() {
                Said::Words(said) => words.push(said),
                Said::Asked(question) => {
                    if let Some(answer) = answer {
                        question.answer(answer).unwrap();
                    }
                    asked = Some(question);
                }
            }
        }
        assert!(asked.is_some());
        assert_eq!(words, ["attempt 1", "attempt 2"]);
        assert_eq!(execution.output().await.unwrap(), output);
    }
}

#[test]
fn a_macro_of_the_facade_makes_handlers() {
    let flow = flow! { crate = renamed; start -> speak };
    let items: Vec<_> = flow.blocking_iter(()).map(Result::unwrap).collect();
    assert_eq!(items, ["from a macro of the facade"]);
}

#[test]
fn a_flow_of_many_clauses_works_under_another_name() {
    macro_rules! many {
        ($($event:ident $handler:ident)*) => {
            $(
                #[derive(Event)]
                #[event(crate = renamed)]
                struct $event;
                #[handler(on = $event, crate = renamed)]
                async fn $handler(cx: &Cx) {
                    cx.put(stringify!($event)).await;
                }
            )*
            #[handler(emits = [$($event),*], crate = renamed)]
            async fn begin(cx: &Cx) {
                $(cx.emit($event);)*
            }
            let flow = flow! {
                crate = renamed;
                start -> begin;
                $(when $event -> $handler;)*
            };
            assert_eq!(flow.blocking_iter(()).count(), 36);
        };
    }
    many! {
        A0 a0 A1 a1 A2 a2 A3 a3 A4 a4 A5 a5 A6 a6 A7 a7 A8 a8 A9 a9 B0 b0 B1 b1 B2 b2 B3 b3 B4 b4 B5 b5
        B6 b6 B7 b7 B8 b8 B9 b9 C0 c0 C1 c1 C2 c2 C3 c3 C4 c4 C5 c5 C6 c6 C7 c7 C8 c8 C9 c9 D0 d0 D1 d1
        D2 d2 D3 d3 D4 d4 D5 d5
    }
}

#[test]
fn a_handler_with_a_condition_works_under_another_name() {
    #[handler(crate = renamed)]
    async fn shout(#[cfg(not(test))] _n: u8, cx: &Cx) {
        cx.put("aloud").await;
    }
    let flow = flow! { crate = renamed; start -> shout };
    assert_eq!(flow.blocking_iter(()).count(), 1);
}
