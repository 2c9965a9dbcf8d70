//! Questions, as stages and as clauses.

use std::time::Duration;

use flow_core::{Answered, Asked, Flow, Res, Tick, flow, handler};
use serde::{Deserialize, Serialize};

use crate::flows::{Review, double, slow, sum, up_to};
use crate::harness::Effects;

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
pub(crate) async fn review(n: u32, effects: Res<Effects>) -> Review {
    effects.note(format!("review {n}"));
    Review(n)
}

#[handler]
pub(crate) async fn decide(answered: Answered<Review>, effects: Res<Effects>) -> u32 {
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
pub(crate) async fn lapse(Review(n): Review, effects: Res<Effects>) -> bool {
    effects.note(format!("lapse {n}"));
    false
}

#[handler]
pub(crate) async fn expire(Review(n): Review, effects: Res<Effects>) -> u32 {
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

#[handler]
pub(crate) async fn remind((Review(n), tick): (Review, Tick), effects: Res<Effects>) {
    tokio::time::sleep(Duration::from_millis(50)).await;
    effects.note(format!("remind {n} {}", tick.count()));
}

flow! {
    pub(crate) flow Reminded(u32) -> u32 streams Update;
    durable;
    with Effects;
    start -> double -> (review -> emit, review -> ask_later -> ignore) -> ignore;
    ask Review within "2h" every "50m" remind -> decide -> end else -> expire -> double -> end;
}

pub(crate) fn reminded(effects: Effects) -> Flow<Reminded> {
    Reminded::new().with(effects)
}

flow! {
    pub(crate) flow RemindedEach(u32) -> u32 streams Update;
    durable;
    with Effects;
    start -> up_to
        -> each (slow -> review -> ask Review within "1h" every "25m" remind else lapse -> decide)[2]
        -> sum -> end;
}

pub(crate) fn reminded_each(effects: Effects) -> Flow<RemindedEach> {
    RemindedEach::new().with(effects)
}
