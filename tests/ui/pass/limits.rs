//! Handlers with every kind of limit and return type, and a flow with all limits: no lint.
#![deny(warnings, missing_docs, missing_debug_implementations, unreachable_pub)]
#![deny(rust_2018_idioms, unused_qualifications, single_use_lifetimes, unsafe_code)]

use std::io::{Error, ErrorKind};

use flow_core::{BoxError, Cx, Event, Res, State, TimedOut, flow, handler};

/// An event.
#[derive(Clone, Debug, Event)]
pub struct Ask(pub String);

/// Another event.
#[derive(Clone, Debug, Event)]
pub struct Again;

/// A resource.
#[derive(Debug)]
pub struct Llm;

/// A custom error.
#[derive(Debug)]
pub struct Broken(pub BoxError);

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Broken {}

impl From<TimedOut> for Broken {
    fn from(error: TimedOut) -> Self {
        Self(error.into())
    }
}

impl From<Again> for Ask {
    fn from(_: Again) -> Self {
        Self(String::new())
    }
}

mod errors {
    pub(crate) fn is_transient(error: &super::Broken) -> bool {
        !error.0.to_string().is_empty()
    }
}

type Outcome<T> = Result<T, Broken>;

/// Has all limits.
#[handler(
    on = ["Ask", "Again"],
    emits = "Again",
    timeout = "1m 30s",
    retry(attempts = 3, backoff = "100ms", max = "10s", jitter = false, if = errors::is_transient),
    concurrency = 4
)]
pub async fn fetch(Ask(mut question): Ask, cx: &Cx, _llm: Res<Llm>, n: State<u32>) -> Outcome<u8> {
    question.push('!');
    if n.with(|n| *n) > 3 {
        cx.emit(Again);
    }
    cx.put(question).await;
    Ok(7)
}

/// Takes a `'static` reference, and a tuple.
#[handler(retry(attempts = 2, if = "is_network"), concurrency = 1)]
async fn length((word, n): (&'static str, u8)) -> Result<usize, Error> {
    if n == 0 {
        return Err(Error::new(ErrorKind::NotFound, word));
    }
    Ok(word.len())
}

fn is_network(error: &Error) -> bool {
    error.kind() == ErrorKind::NetworkDown
}

/// Takes nothing.
#[handler(timeout = "30s")]
async fn pause() -> u8 {
    3
}

#[handler(concurrency = 2)]
async fn pair(n: u8) -> Vec<(&'static str, u8)> {
    vec![("word", n)]
}

#[handler(timeout = "2h")]
async fn sum(lengths: Vec<usize>, cx: &Cx) {
    cx.put(lengths.len().to_string()).await;
}

#[handler(emits = "Ask", timeout = "10s", retry(attempts = 2))]
async fn begin(cx: &Cx) {
    cx.emit(Ask("why".to_owned()));
}

macro_rules! limited {
    ($name:ident, $after:literal, $attempts:literal) => {
        #[handler(timeout = $after, retry(attempts = $attempts), concurrency = 2)]
        async fn $name(number: u8) -> u8 {
            number
        }
    };
}

limited!(by_macro, "3d", 5);

fn main() {
    let flow = flow! {
        timeout "100d";
        idle_timeout "4d";
        max_events 10_000;
        max_pending 1_000;
        concurrency 2;
        with Llm;
        state u32;
        start -> begin;
        when Ask -> fetch -> pair -> each length[2] -> sum;
        when Again -> (fetch, pause -> by_macro) -> ignore
    };
    assert_eq!(flow.with(Llm).blocking_iter(()).count(), 2);
}
