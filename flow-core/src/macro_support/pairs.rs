//! Events that wait for their partners, in `when A & B`.

use std::collections::VecDeque;

use crate::macro_support::drop::drop_each_catching;

/// The events of one type that wait for their partners in one clause.
#[derive(Debug)]
pub struct PairQueue<E>(VecDeque<E>);

impl<E> Default for PairQueue<E> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<E> PairQueue<E> {
    /// Adds an event.
    #[inline]
    pub fn push_back(&mut self, event: E) {
        self.0.push_back(event);
    }

    /// Takes the event that has waited longest.
    #[inline]
    pub fn pop_front(&mut self) -> Option<E> {
        self.0.pop_front()
    }

    /// Whether no event waits.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<E> Drop for PairQueue<E> {
    fn drop(&mut self) {
        drop_each_catching(self.0.drain(..));
    }
}
