//! The questions of an execution that wait for their answers. No future is held for them.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Weak;
use std::time::Duration;

/// Waiting questions by their numbers, which are given in the order of asking.
pub(crate) struct Questions<A> {
    asked: u64,
    waiting: BTreeMap<u64, WaitingQuestion<A>>,
}

pub(crate) struct WaitingQuestion<A> {
    pub(crate) question: Box<dyn Any + Send>,
    pub(crate) name: &'static str,
    pub(crate) within: Option<Duration>,
    /// Keeps the execution open, while an `Asked` is left to answer it.
    pub(crate) hold: Weak<dyn Hold>,
    /// The activation of the `else`, if the question is not answered.
    pub(crate) otherwise: fn(Box<dyn Any + Send>) -> Option<A>,
}

/// Keeps the execution open while a question waits.
pub(crate) trait Hold: Send + Sync {
    /// The question does not wait any more.
    fn release(&self);
}

impl<A> WaitingQuestion<A> {
    pub(crate) fn release(&self) {
        if let Some(hold) = self.hold.upgrade() {
            hold.release();
        }
    }
}

impl<A> Questions<A> {
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Adds a question, and returns its number.
    pub(crate) fn add(&mut self, question: WaitingQuestion<A>) -> u64 {
        let number = self.asked;
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

    /// Removes the question, if it is one of the type `Q`: a number that was stored may be that of
    /// another question.
    pub(crate) fn remove_of<Q: 'static>(&mut self, number: u64) -> Option<WaitingQuestion<A>> {
        let waiting = self.waiting.get(&number)?;
        waiting
            .question
            .is::<Q>()
            .then(|| self.waiting.remove(&number))?
    }

    pub(crate) fn take_waiting(&mut self) -> impl Iterator<Item = WaitingQuestion<A>> + use<A> {
        std::mem::take(&mut self.waiting).into_values()
    }

    pub(crate) fn into_waiting(self) -> impl Iterator<Item = WaitingQuestion<A>> {
        self.waiting.into_values()
    }
}

impl<A> Default for Questions<A> {
    fn default() -> Self {
        Self {
            asked: 0,
            waiting: BTreeMap::new(),
        }
    }
}
