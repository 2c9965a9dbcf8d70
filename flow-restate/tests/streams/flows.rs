//! The flows of the tests.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use flow_core::{Answered, Asked, Cx, Event, Res, flow, handler};
use serde::{Deserialize, Serialize};
use tokio::time::sleep;

#[handler(streams = u32)]
async fn count(to: u32, cx: &Cx) -> u32 {
    for number in 0..to {
        cx.put(number).await;
    }
    to
}

flow! {
    /// Puts the numbers up to its input, in one call.
    pub(crate) flow Count(u32) -> u32 streams u32;
    durable;
    start -> count -> end;
}

#[derive(Clone, Debug, Event, Serialize, Deserialize)]
pub(crate) struct Next(u32, u32);

#[derive(Clone, Debug, Event, Serialize, Deserialize)]
pub(crate) struct Counted(u32);

/// How long a call takes after its item, and the file that has a line for each call.
#[derive(Clone)]
pub(crate) struct Pace(pub(crate) Duration, pub(crate) Option<PathBuf>);

#[handler(on = Next, emits = [Next, Counted], streams = u32)]
async fn step(Next(number, to): Next, pace: Res<Pace>, cx: &Cx) {
    cx.put(number).await;
    if let Some(log) = &pace.1 {
        let log = OpenOptions::new().create(true).append(true).open(log);
        writeln!(log.unwrap(), "{number}").unwrap();
    }
    sleep(pace.0).await;
    if number + 1 < to {
        cx.emit(Next(number + 1, to));
    } else {
        cx.emit(Counted(to));
    }
}

flow! {
    /// Puts the numbers up to its input, each in a call of its own.
    pub(crate) flow Steps(u32) -> u32 streams u32;
    durable;
    with Pace;
    start -> |to: u32| Next(0, to) -> emit;
    when Next -> step;
    when Counted -> |Counted(to): Counted| to -> end;
}

#[derive(Clone, Debug, PartialEq, Event, Serialize, Deserialize)]
#[event(answer = u32)]
pub(crate) struct HowMany;

#[handler]
async fn begin(_input: u32) -> HowMany {
    HowMany
}

#[handler(streams = u32)]
async fn more(answered: Answered<HowMany>, cx: &Cx) -> u32 {
    for number in 0..answered.answer {
        cx.put(number).await;
    }
    answered.answer
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Shown {
    Number(u32),
    Asked(Asked<HowMany>),
}

impl From<u32> for Shown {
    fn from(number: u32) -> Self {
        Self::Number(number)
    }
}

impl From<Asked<HowMany>> for Shown {
    fn from(asked: Asked<HowMany>) -> Self {
        Self::Asked(asked)
    }
}

flow! {
    /// Asks how many numbers to put, and puts them.
    pub(crate) flow Waits(u32) -> u32 streams Shown;
    durable;
    start -> begin -> ask HowMany -> more -> end;
}
