//! The stages of a durable flow that ask.

use std::future::pending;
use std::time::Duration;

use crate::error::{FlowError, FlowErrorKind};
use crate::event::Event;
use crate::handler::Cx;
use crate::handler::router::NoReply;
use crate::macro_support::ask::Ask;
use crate::macro_support::dispatch::{input, unexpected};
use crate::macro_support::durable::call::fail;
use crate::macro_support::durable::codec::ValueCodec;
use crate::macro_support::durable::path::Place;
use crate::macro_support::graph::{Graph, Worker};
use crate::macro_support::split::AskPlace;
use crate::question::Answered;
use crate::records::bytes::Bytes;
use crate::records::codec::from_bytes;
use crate::unanswered::Unanswered;

/// What is recorded of a stage that asks.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(crate) enum AskedRow {
    /// The question with this number was asked, and has no reply yet.
    Asked(u64),
    /// The answer.
    Answered(Bytes),
    /// It was not answered in this time, or cannot be.
    Unanswered(Option<Duration>),
    /// The end of the execution was decided.
    Ending,
}

/// Asks, unless the question was asked before a crash: then it waits for the answer to that one, or
/// brings what came.
pub async fn recorded_ask<P, G, W, I>(
    worker: &W,
    place: Place,
    answer: ValueCodec<<P::Question as Event>::Answer>,
    arrived: I,
) -> Result<Answered<P::Question>, Unanswered<P::Question>>
where
    P: AskPlace,
    G: Graph,
    W: Worker<G>,
    I: Send + 'static,
{
    let Some(question) = input::<P::Question, I>(&mut Some(arrived)) else {
        unexpected()
    };
    let mut before = None;
    if let Some(row) = worker.recorded(&place) {
        let reply = match from_bytes(&row) {
            Ok(AskedRow::Asked(number)) => {
                before = Some(number);
                None
            }
            Ok(AskedRow::Answered(Bytes(row))) => match (answer.decode)(&row) {
                Ok(answer) => Some(Ok(answer)),
                Err(error) => fail(worker, FlowError::new(FlowErrorKind::NotRecorded, error)).await,
            },
            Ok(AskedRow::Unanswered(within)) => Some(Err(NoReply::Unanswered(within))),
            Ok(AskedRow::Ending) => Some(Err(NoReply::Ending)),
            Err(error) => fail(worker, FlowError::new(FlowErrorKind::NotRecorded, error)).await,
        };
        if let Some(reply) = reply {
            return replied(question, reply);
        }
    }
    if before.is_none() && worker.closes() {
        // The call before it has stopped the execution.
        return pending().await;
    }
    let another = P::another(&question);
    let reminder = P::REMINDER.map(|reminder| (reminder, P::another(&question)));
    let (number, asked, reply) = worker.ask_recorded(another, P::WITHIN, reminder, &place, before);
    if before.is_none() {
        Cx::<W, Ask<P>>::of(worker).put(asked).await;
    }
    let reply = reply.await;
    worker.note_reply(number);
    replied(question, reply)
}

fn replied<Q: Event>(
    question: Q,
    reply: Result<Q::Answer, NoReply>,
) -> Result<Answered<Q>, Unanswered<Q>> {
    match reply {
        Ok(answer) => Ok(Answered::new(question, answer)),
        Err(NoReply::Unanswered(within)) => Err(Unanswered::new(question, within)),
        Err(NoReply::Ending) => Err(Unanswered::given_up(question)),
    }
}
