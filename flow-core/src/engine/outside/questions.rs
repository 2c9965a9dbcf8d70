//! The questions of an execution that wait for their answers. No future is held for them.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::sync::Weak;
use std::time::Duration;

/// Waiting questions by their numbers, which are given in the order of asking.
pub(crate) struct Questions<A: 'static> {
    asked: u64,
    waiting: BTreeMap<u64, WaitingQuestion<A>>,
}

pub(crate) struct WaitingQuestion<A: 'static> {
    pub(crate) question: Box<dyn Any + Send>,
    pub(crate) routes: &'static Routes<A>,
    pub(crate) within: Option<Duration>,
    /// Keeps the execution open, while an `Asked` is left to answer it.
    pub(crate) hold: Weak<dyn Hold>,
}

/// Where the questions of one type go.
pub(crate) struct Routes<A> {
    pub(crate) name: &'static str,
    /// The activation of the clause that takes the answer, which is taken out of an `Option`.
    pub(crate) answered: fn(Box<dyn Any + Send>, answer: &mut dyn Any) -> Option<A>,
    /// The activation of the `else`, if the question is not answered.
    pub(crate) otherwise: fn(Box<dyn Any + Send>) -> Option<A>,
}

/// Keeps the execution open while a question waits.
pub(crate) trait Hold: Send + Sync {
    /// The question does not wait any more.
    fn release(&self);
}

/// Why an answer was not taken.
pub(crate) enum Refused {
    NotAsked,
    Ended,
}

/// An execution that asks, erased to what a handle of an outer execution needs.
pub(crate) trait Asking: Send + Sync {
    /// Answers the question with this number, if it is of the type `question`. The answer is taken
    /// out of its `Option`.
    fn answer_any(
        &self,
        number: u64,
        question: TypeId,
        answer: &mut dyn Any,
    ) -> Result<(), Refused>;

    /// Its questions may not be answerable any more.
    fn look_again(&self);
}

impl<A> WaitingQuestion<A> {
    pub(crate) fn release(&self) {
        if let Some(hold) = self.hold.upgrade() {
            hold.release();
        }
    }
}

impl<A: 'static> Questions<A> {
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Adds a question, and returns its number: the one that it was given, or else the next.
    pub(crate) fn add(&mut self, number: Option<u64>, question: WaitingQuestion<A>) -> u64 {
        let number = number.unwrap_or(self.asked);
        self.asked += 1;
        self.waiting.insert(number, question);
        number
    }

    pub(crate) fn contains(&self, number: u64) -> bool {
        self.waiting.contains_key(&number)
    }

    pub(crate) fn remove(&mut self, number: u64) -> Option<WaitingQuestion<A>> {
        self.waiting.remove(&number)
    }

    /// Removes the question, if it is one of this type: a number that was stored may be that of
    /// another question.
    pub(crate) fn remove_of(&mut self, number: u64, ty: TypeId) -> Option<WaitingQuestion<A>> {
        let waiting = self.waiting.get(&number)?;
        ((*waiting.question).type_id() == ty).then(|| self.waiting.remove(&number))?
    }

    pub(crate) fn take_waiting(
        &mut self,
    ) -> impl Iterator<Item = (u64, WaitingQuestion<A>)> + use<A> {
        std::mem::take(&mut self.waiting).into_iter()
    }

    pub(crate) fn into_waiting(self) -> impl Iterator<Item = (u64, WaitingQuestion<A>)> {
        self.waiting.into_iter()
    }
}

impl<A: 'static> Default for Questions<A> {
    fn default() -> Self {
        Self {
            asked: 0,
            waiting: BTreeMap::new(),
        }
    }
}
