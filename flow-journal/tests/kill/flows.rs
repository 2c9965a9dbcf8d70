//! What the processes run: effects, elements, a flow within the flow, questions, a state, items.

use std::time::Duration;

use flow_core::{Answered, Asked, Cx, Event, IdempotencyKey, Res, State, flow, handler};
use serde::{Deserialize, Serialize};

use crate::log::{Line, Log};

/// The outside, where what was done stays done.
pub(crate) struct Outside(pub(crate) Log);

impl Outside {
    /// Does something, in the middle of which the process may be killed.
    async fn act(&self, key: &IdempotencyKey) -> String {
        pause(2).await;
        self.0.write(&Line::Effect(key.as_str().to_owned()));
        pause(2).await;
        key.as_str().to_owned()
    }
}

/// Takes up to so many milliseconds.
async fn pause(at_most: u64) {
    let micros = fastrand::u64(0..=at_most * 1000);
    tokio::time::sleep(Duration::from_micros(micros)).await;
}

/// What a call has done, and what it was called with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Did {
    pub(crate) key: String,
    pub(crate) number: u32,
}

/// How much is this to be? The process answers.
#[derive(Clone, Debug, Event, Serialize, Deserialize)]
#[event(answer = u32)]
pub(crate) struct HowMuch {
    pub(crate) number: u32,
    /// What was done before. It is recorded when the question is read.
    pub(crate) did: Vec<Did>,
}

/// Does anybody want it? Nobody answers.
#[derive(Clone, Debug, Event, Serialize, Deserialize)]
#[event(answer = bool)]
pub(crate) struct Anybody(Priced);

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Priced {
    number: u32,
    answer: u32,
    did: Vec<Did>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Said {
    /// By a call that may be repeated.
    Doing(u32),
    /// The call with this key has ended before.
    Did(String),
    HowMuch {
        question: String,
        keys: Vec<String>,
    },
    Anybody,
}

impl From<Asked<HowMuch>> for Said {
    fn from(asked: Asked<HowMuch>) -> Self {
        Self::HowMuch {
            question: asked.id.to_string(),
            keys: asked.question.did.into_iter().map(|did| did.key).collect(),
        }
    }
}

impl From<Asked<Anybody>> for Said {
    fn from(_asked: Asked<Anybody>) -> Self {
        Self::Anybody
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Output {
    pub(crate) number: u32,
    pub(crate) keys: Vec<String>,
    pub(crate) numbers: Vec<u32>,
    pub(crate) total: u32,
    pub(crate) answer: u32,
    pub(crate) was_wanted: bool,
}

/// How many elements the execution with this number has.
pub(crate) fn elements(number: u32) -> u32 {
    number % 4 + 1
}

/// What an element adds to the state.
fn amount(number: u32) -> u32 {
    number * 3 + 1
}

/// What comes of the execution with this number, but for the keys, if this is the answer.
pub(crate) fn expected(number: u32, answer: u32) -> Output {
    let elements = number * 10..number * 10 + elements(number);
    Output {
        number,
        keys: Vec::new(),
        numbers: [number].into_iter().chain(elements.clone()).collect(),
        total: elements.map(amount).sum(),
        answer,
        was_wanted: false,
    }
}

#[handler(effect, streams = Said)]
async fn begin(number: u32, key: IdempotencyKey, outside: Res<Outside>, cx: &Cx) -> Did {
    cx.put(Said::Doing(number)).await;
    let key = outside.act(&key).await;
    Did { key, number }
}

/// Is called when the call before it has ended, so what it puts tells of that.
#[handler(streams = Said)]
async fn tell(did: Did, cx: &Cx) -> Did {
    cx.put(Said::Did(did.key.clone())).await;
    did
}

#[handler]
async fn split(did: Did) -> (Did, Vec<u32>) {
    let first = did.number * 10;
    let numbers = first..first + elements(did.number);
    (did, numbers.collect())
}

#[handler(effect, streams = Said)]
async fn work(number: u32, key: IdempotencyKey, outside: Res<Outside>, cx: &Cx) -> Did {
    cx.put(Said::Doing(number)).await;
    let key = outside.act(&key).await;
    Did { key, number }
}

flow! {
    /// An element: work, and what tells of it.
    pub(crate) flow Part(u32) -> Did streams Said;
    durable;
    with Outside;
    start -> work -> tell -> end;
}

#[derive(Default, Serialize, Deserialize)]
struct Total(u32);

#[handler]
async fn add(did: Did, total: State<Total>) -> Did {
    total.with(|total| total.0 += amount(did.number));
    pause(1).await;
    did
}

#[handler]
async fn ask_how_much((first, rest): (Did, Vec<Did>)) -> HowMuch {
    let number = first.number;
    let did = [first].into_iter().chain(rest).collect();
    HowMuch { number, did }
}

#[handler]
async fn ask_anybody(answered: Answered<HowMuch>) -> Anybody {
    let Answered {
        question, answer, ..
    } = answered;
    Anybody(Priced {
        number: question.number,
        answer,
        did: question.did,
    })
}

#[handler]
async fn nobody(_anybody: Anybody) -> bool {
    false
}

#[handler]
async fn finish(answered: Answered<Anybody>, total: State<Total>) -> Output {
    let Anybody(Priced {
        number,
        answer,
        did,
    }) = answered.question;
    let (keys, numbers) = did.into_iter().map(|did| (did.key, did.number)).unzip();
    Output {
        number,
        keys,
        numbers,
        total: total.with(|total| total.0),
        answer,
        was_wanted: answered.answer,
    }
}

flow! {
    /// The whole.
    pub(crate) flow Work(u32) -> Output streams Said;
    durable;
    with Outside;
    state Total;
    start -> begin -> tell -> split -> (
        |(did, _): (Did, Vec<u32>)| did,
        |(_, numbers): (Did, Vec<u32>)| numbers -> each (Part -> add)[3]
    ) -> ask_how_much -> ask HowMuch within "24h" else unknown -> ask_anybody
        -> ask Anybody within "7ms" else nobody -> finish -> end;
}

/// It has a day, and is answered.
#[handler]
async fn unknown(_how_much: HowMuch) -> u32 {
    0
}
