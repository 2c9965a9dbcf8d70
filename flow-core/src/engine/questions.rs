//! The questions of an execution that wait for their answers. No future is held for them.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::time::Instant;

use crate::engine::local::Local;
use crate::engine::shared::{Ending, Shared};
use crate::engine::worker::Engine;
use crate::error::FlowError;
use crate::event::Event;
use crate::graph::Graph;
use crate::question::{AnswerError, Answered, Answers, Asked, QuestionId};

/// Those that wait, in the order in which they were asked.
pub(crate) struct Questions<G: Graph> {
    asked: u64,
    waiting: BTreeMap<u64, Waiting<G>>,
}

pub(crate) struct Waiting<G: Graph> {
    question: Box<dyn Any + Send>,
    name: &'static str,
    within: Option<Duration>,
    /// What its askers hold.
    ticket: Weak<Ticket<G>>,
    /// What is run with it when there is no answer.
    otherwise: fn(Box<dyn Any + Send>) -> Option<G::Activation>,
}

impl<G: Graph> Questions<G> {
    /// None waits.
    pub(crate) fn are_answered(&self) -> bool {
        self.waiting.is_empty()
    }

    pub(crate) fn into_waiting(self) -> impl Iterator<Item = Waiting<G>> {
        self.waiting.into_values()
    }
}

/// The right to answer a question, which keeps the execution open while the question waits.
struct Ticket<G: Graph> {
    shared: Arc<Shared<G>>,
    holds: Mutex<Option<Engine<G>>>,
}

impl<G: Graph> Ticket<G> {
    /// The question does not wait any more.
    fn release(&self) {
        let holds = {
            let mut holds = self.holds.lock().unwrap_or_else(PoisonError::into_inner);
            holds.take()
        };
        drop(holds);
    }
}

impl<G: Graph> Default for Questions<G> {
    fn default() -> Self {
        Self {
            asked: 0,
            waiting: BTreeMap::new(),
        }
    }
}

impl<G: Graph> Shared<G> {
    /// Notes the question; the driver sets an alarm for its time.
    pub(crate) fn ask<Q: Event>(
        self: &Arc<Self>,
        (question, kept): (Q, Q),
        within: Option<Duration>,
    ) -> Asked<Q> {
        let ticket = Arc::new(Ticket {
            shared: Arc::clone(self),
            holds: Mutex::new(Some(Engine::new(Arc::clone(self)))),
        });
        let waiting = Waiting {
            question: Box::new(kept),
            name: Q::DESC.name,
            within,
            ticket: Arc::downgrade(&ticket),
            otherwise: |question| G::unanswered(*question.downcast::<Q>().ok()?),
        };
        let number = self.with_remote(|remote| {
            let number = remote.questions.asked;
            remote.questions.asked += 1;
            remote.questions.waiting.insert(number, waiting);
            number
        });
        if let Some(due) = within.and_then(|within| Instant::now().checked_add(within)) {
            self.local.with(|local| {
                let mut deadlines = local.deadlines.take();
                deadlines.push((due, number));
                local.deadlines.set(deadlines);
            });
        }
        Asked::new(QuestionId::new(number), question, within, ticket)
    }

    /// Runs the clause that takes the answer, if the question waits for one.
    pub(crate) fn answer<Q: Event>(
        &self,
        number: u64,
        answer: Q::Answer,
    ) -> Result<(), AnswerError> {
        if self.is_closed() {
            return Err(AnswerError::Ended);
        }
        let waiting = self.with_remote(|remote| {
            let waiting = &mut remote.questions.waiting;
            // A number that was written down may be that of another question.
            let is_this = |waiting: &Waiting<G>| waiting.question.is::<Q>();
            waiting.get(&number).filter(|waiting| is_this(waiting))?;
            waiting.remove(&number)
        });
        let Waiting {
            question, ticket, ..
        } = waiting.ok_or(AnswerError::NotAsked)?;
        let question = question.downcast::<Q>();
        let question = question.map_err(|_| AnswerError::NotAsked)?;
        let activation = G::answered(Answered::new(*question, answer));
        self.push(activation.ok_or(AnswerError::NotAsked)?);
        release(&ticket);
        Ok(())
    }

    /// The time of a question is over, unless it was answered.
    pub(crate) fn expire(&self, local: &Local<G>, number: u64) {
        let waiting = self.with_remote(|remote| remote.questions.waiting.remove(&number));
        if let Some(waiting) = waiting {
            self.unanswered(local, waiting);
        }
    }

    /// Nobody is left who could answer. Whether a question waited for it.
    #[inline]
    pub(crate) fn give_up_questions(&self, local: &Local<G>) -> bool {
        let asks = const { G::DESC.asks() };
        asks && self.has_remote() && self.give_up_all(local)
    }

    #[cold]
    fn give_up_all(&self, local: &Local<G>) -> bool {
        let waiting = self.with_remote(|remote| std::mem::take(&mut remote.questions.waiting));
        let waited = !waiting.is_empty();
        for (_, waiting) in waiting {
            self.unanswered(
                local,
                Waiting {
                    within: None,
                    ..waiting
                },
            );
        }
        waited
    }

    /// Whether the question waits.
    pub(crate) fn waits_for_answer(&self, number: u64) -> bool {
        self.with_remote(|remote| remote.questions.waiting.contains_key(&number))
    }

    /// Whether somebody outside is expected to answer.
    pub(crate) fn awaits_answers(&self) -> bool {
        self.has_remote() && self.with_remote(|remote| !remote.questions.are_answered())
    }

    fn unanswered(&self, local: &Local<G>, waiting: Waiting<G>) {
        release(&waiting.ticket);
        match (waiting.otherwise)(waiting.question) {
            Some(activation) => self.push(activation),
            None => local.end(Ending::Failed(FlowError::unanswered(
                waiting.name,
                waiting.within,
            ))),
        }
    }
}

fn release<G: Graph>(ticket: &Weak<Ticket<G>>) {
    if let Some(ticket) = ticket.upgrade() {
        ticket.release();
    }
}

impl<G: Graph, Q: Event> Answers<Q> for Ticket<G> {
    fn answer(&self, id: QuestionId<Q>, answer: Q::Answer) -> Result<(), AnswerError> {
        self.shared.answer::<Q>(id.number(), answer)
    }
}
