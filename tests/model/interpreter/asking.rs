//! `ask Q` as a stage within another, or before one: its clause waits for the answer.

use std::future::{pending, poll_fn};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use crate::graph::{QUESTION, Stage};
use crate::interpreter::data::Data;
use crate::interpreter::failure::{Failure, Stop};
use crate::interpreter::numbers::Number;
use crate::interpreter::questions::{Asker, not_answered};
use crate::interpreter::{Execution, lock};
use crate::script::Value;

/// What a stage waits for.
#[derive(Clone, Default)]
pub(super) struct ReplyTo(Arc<Mutex<(Option<Reply>, Option<Waker>)>>);

impl ReplyTo {
    pub(super) fn reply(&self, reply: Reply) {
        let waker = {
            let to = &mut *lock(&self.0);
            to.0 = Some(reply);
            to.1.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn poll(&self, cx: &Context<'_>) -> Poll<Reply> {
        let to = &mut *lock(&self.0);
        to.1 = Some(cx.waker().clone());
        to.0.take().map_or(Poll::Pending, Poll::Ready)
    }
}

pub(super) enum Reply {
    Answered(Value),
    /// After this time, or because nothing can answer.
    Unanswered(Option<u64>),
    /// The end is decided.
    GivenUp,
}

/// A question of a stage. If this is dropped before the reply, nothing waits for it any more.
struct Waiting<'b, 'a> {
    execution: &'b Execution<'a>,
    number: u64,
}

impl Drop for Waiting<'_, '_> {
    fn drop(&mut self) {
        let mut questions = lock(&self.execution.questions);
        if let Some(at) = questions.iter().position(|one| one.number == self.number) {
            questions.remove(at);
            lock(&self.execution.outside.questions).set(self.number, Number::Ended);
        }
    }
}

impl Execution<'_> {
    pub(super) async fn ask_in_place(
        &self,
        asked: Value,
        times: (Option<u64>, Option<u64>),
    ) -> Result<Value, Failure> {
        let reply = ReplyTo::default();
        let stage = Asker::Stage(lock(&self.polled).clone(), reply.clone());
        let number = self.register(stage, asked, times);
        let _waiting = Waiting {
            execution: self,
            number,
        };
        if self.is_over() {
            // As after a `put`, it waits to be dropped.
            pending::<()>().await;
        }
        self.hand_out_question(number, asked);
        let reply = poll_fn(|cx| reply.poll(cx)).await;
        reply.answer()
    }

    /// What a stage that has asked returns, with its `else`.
    pub(super) async fn answered(
        &self,
        asked: Value,
        answer: Result<Value, Failure>,
        lapse: Option<&Stage>,
    ) -> Result<Data, Stop> {
        let answer = match (answer, lapse) {
            (Ok(answer), _) => answer,
            (Err(_), Some(lapse)) => {
                let answer = self.stage(lapse, Data::Event(QUESTION, asked)).await?;
                answer.value()
            }
            (Err(failure), None) => return Err(Stop::Failed(failure)),
        };
        Ok(Data::Answered(asked, answer))
    }
}

impl Reply {
    /// The answer, or the failure of the stage.
    pub(super) fn answer(self) -> Result<Value, Failure> {
        match self {
            Self::Answered(answer) => Ok(answer),
            Self::Unanswered(within) => Err(Failure::of_question(&not_answered(within))),
            Self::GivenUp => Err(Failure::of_question(WAITED)),
        }
    }
}

/// The error of a question that waited when the end was decided.
pub(super) const WAITED: &str =
    "the execution was waiting when the end of the outer one was decided";

/// The name of the stage.
pub(crate) const ASK: &str = "ask Q";

impl Failure {
    fn of_question(error: &str) -> Self {
        Self::of(ASK, error.to_owned())
    }

    /// Its activation ends without an error.
    pub(super) fn is_given_up(&self) -> bool {
        self.told == WAITED
    }
}
