//! Answering a question, of an execution or of one within it.

use std::any::{Any, TypeId};

use crate::engine::core::Core;
use crate::engine::inside::Inside;
use crate::engine::limits::Origin;
use crate::engine::outside::questions::{Asker, Asking, Refused};
use crate::engine::outside::tree::Found;
use crate::event::Event;
use crate::macro_support::graph::Graph;
use crate::question::AnswerError;

/// The error of an answer that was not taken out of its `Option`.
pub(super) fn given_back<A>(
    taken: Result<(), Refused>,
    answer: Option<A>,
) -> Result<(), AnswerError<A>> {
    match (taken, answer) {
        (Err(Refused::NotAsked), Some(answer)) => Err(AnswerError::NotAsked(answer)),
        (Err(Refused::Ended), Some(answer)) => Err(AnswerError::Ended(answer)),
        (Ok(()), _) | (Err(_), None) => Ok(()),
    }
}

impl<G: Graph> Asking for Core<G> {
    fn answer_any(
        &self,
        number: u64,
        question: TypeId,
        answer: &mut dyn Any,
    ) -> Result<(), Refused> {
        self.answer_own(number, question, answer)
    }

    fn look_again(&self) {
        self.wake_state.notify();
    }
}

impl<G: Graph> Core<G> {
    /// Answers a question of this execution, or of one within it.
    pub(crate) fn answer<Q: Event>(
        &self,
        number: u64,
        answer: Q::Answer,
    ) -> Result<(), AnswerError<Q::Answer>> {
        let (question, mut answer) = (TypeId::of::<Q>(), Some(answer));
        let found = match &self.tree {
            Some(tree) if !self.is_ending() => tree.find(number),
            _ => Found::Here,
        };
        let taken = match found {
            Found::Here => self.answer_own(number, question, &mut answer),
            Found::Open(execution) => execution.answer_any(number, question, &mut answer),
            Found::Ended => Err(Refused::Ended),
            Found::NotAsked => Err(Refused::NotAsked),
        };
        given_back(taken, answer)
    }

    /// Answers a question of this execution, or of one within it, that waits.
    #[cfg(feature = "durable")]
    pub(crate) fn answer_any_of(&self, number: u64, question: TypeId, answer: &mut dyn Any) {
        let found = self
            .tree
            .as_ref()
            .map_or(Found::Here, |tree| tree.find(number));
        // The caller knows that it waits.
        let _taken = match found {
            Found::Open(execution) => execution.answer_any(number, question, answer),
            Found::Here | Found::Ended | Found::NotAsked => {
                self.answer_own(number, question, answer)
            }
        };
    }

    /// Queues the clause that takes the answer, or wakes the stage, if the question is of this type
    /// and waits for one.
    ///
    /// The lock is held from the check to the queue, and the execution is closed under it. So an
    /// answer is either refused, or queued before the end.
    pub(super) fn answer_own(
        &self,
        number: u64,
        question: TypeId,
        answer: &mut dyn Any,
    ) -> Result<(), Refused> {
        if self.inside.with(Inside::has_ended) == Some(true) {
            return Err(Refused::Ended);
        }
        // What a reminder keeps is dropped without the lock.
        let (ticket, waker, _kept) = {
            let mut outside = self.lock_outside();
            if self.is_ending() {
                return Err(Refused::Ended);
            }
            let outside = outside.as_mut().ok_or(Refused::NotAsked)?;
            if outside.ending.is_some() {
                return Err(Refused::Ended);
            }
            let waiting = outside.questions.remove_of(number, question);
            let waiting = waiting.ok_or(Refused::NotAsked)?;
            let kept = waiting.asker.kept();
            // Moves the question and the answer, and runs no code of theirs.
            let waker = match waiting.asker {
                Asker::Clause { question, routes } => {
                    let activation = (routes.answered)(question, answer);
                    if activation.is_some() && routes.pause.is_none() {
                        // An answer is never refused for room: the question waits in a place of
                        // its own.
                        self.note_outside(Origin::Elsewhere);
                    }
                    outside.events.extend(activation);
                    None
                }
                Asker::Stage(reply) => reply.answer(answer),
            };
            (waiting.ticket, waker, kept)
        };
        self.wake_state.notify();
        if let Some(waker) = waker {
            waker.wake();
        }
        if let Some(ticket) = ticket.upgrade() {
            ticket.release();
        }
        self.close_number(number);
        Ok(())
    }

    /// The number leads nowhere any more.
    pub(super) fn close_number(&self, number: u64) {
        if let Some(tree) = &self.tree {
            tree.close(number);
        }
    }
}
