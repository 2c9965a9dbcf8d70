//! Questions: asking, answering, and giving up.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::time::Instant;

use crate::engine::core::Core;
use crate::engine::ending::Ending;
use crate::engine::inside::Inside;
use crate::engine::outside::questions::{Hold, WaitingQuestion};
use crate::engine::worker::Engine;
use crate::error::FlowError;
use crate::event::Event;
use crate::macro_support::graph::Graph;
use crate::question::{AnswerError, Answered, Answers, Asked, QuestionId};

/// The right to answer a question. While the question waits, it keeps the execution open.
struct Ticket<G: Graph> {
    core: Arc<Core<G>>,
    emitter: Mutex<Option<Engine<G>>>,
}

impl<G: Graph> Hold for Ticket<G> {
    fn release(&self) {
        let emitter = {
            let mut emitter = self.emitter.lock().unwrap_or_else(PoisonError::into_inner);
            emitter.take()
        };
        drop(emitter);
    }
}

impl<G: Graph, Q: Event> Answers<Q> for Ticket<G> {
    fn answer(&self, id: QuestionId<Q>, answer: Q::Answer) -> Result<(), AnswerError> {
        self.core.answer::<Q>(id.number(), answer)
    }
}

impl<G: Graph> Core<G> {
    /// Registers the question; the driver sets a deadline for it.
    pub(crate) fn ask<Q: Event>(
        self: &Arc<Self>,
        (question, kept): (Q, Q),
        within: Option<Duration>,
    ) -> Asked<Q> {
        let ticket = Arc::new(Ticket {
            core: Arc::clone(self),
            emitter: Mutex::new(Some(Engine::new(Arc::clone(self)))),
        });
        let hold: Weak<Ticket<G>> = Arc::downgrade(&ticket);
        let waiting = WaitingQuestion {
            question: Box::new(kept),
            name: Q::DESC.name,
            within,
            hold,
            otherwise: |question: Box<dyn Any + Send>| {
                G::unanswered(*question.downcast::<Q>().ok()?)
            },
        };
        let number = self.with_outside(|outside| outside.questions.add(waiting));
        if let Some(due) = within.and_then(|within| Instant::now().checked_add(within)) {
            self.inside.with(|inside| {
                let mut deadlines = inside.deadlines.take();
                deadlines.push((due, number));
                inside.deadlines.set(deadlines);
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
        let waiting = self.with_outside(|outside| outside.questions.remove_of::<Q>(number));
        let WaitingQuestion { question, hold, .. } = waiting.ok_or(AnswerError::NotAsked)?;
        let question = question.downcast::<Q>();
        let question = question.map_err(|_| AnswerError::NotAsked)?;
        let activation = G::answered(Answered::new(*question, answer));
        self.push(activation.ok_or(AnswerError::NotAsked)?);
        if let Some(hold) = hold.upgrade() {
            hold.release();
        }
        Ok(())
    }

    /// The time of a question is over, unless it was answered.
    pub(crate) fn expire(&self, inside: &Inside<G>, number: u64) {
        let waiting = self.with_outside(|outside| outside.questions.remove(number));
        if let Some(waiting) = waiting {
            self.unanswered(inside, waiting);
        }
    }

    /// Gives up all questions because nothing can answer them any more. Returns whether there
    /// were any.
    #[inline]
    pub(crate) fn give_up_questions(&self, inside: &Inside<G>) -> bool {
        let asks = const { G::DESC.asks() };
        asks && self.has_outside() && self.give_up_all_questions(inside)
    }

    #[cold]
    fn give_up_all_questions(&self, inside: &Inside<G>) -> bool {
        let waiting = self.with_outside(|outside| outside.questions.take_waiting());
        let mut any = false;
        for waiting in waiting {
            any = true;
            self.unanswered(
                inside,
                WaitingQuestion {
                    within: None,
                    ..waiting
                },
            );
        }
        any
    }

    /// Whether the question waits.
    pub(crate) fn waits_for_answer(&self, number: u64) -> bool {
        self.with_outside(|outside| outside.questions.contains(number))
    }

    /// Whether any question waits.
    pub(crate) fn has_questions(&self) -> bool {
        self.has_outside() && self.with_outside(|outside| !outside.questions.is_empty())
    }

    fn unanswered(&self, inside: &Inside<G>, waiting: WaitingQuestion<G::Activation>) {
        waiting.release();
        match (waiting.otherwise)(waiting.question) {
            Some(activation) => self.push(activation),
            None => inside.end(Ending::Failed(FlowError::unanswered(
                waiting.name,
                waiting.within,
            ))),
        }
    }
}
