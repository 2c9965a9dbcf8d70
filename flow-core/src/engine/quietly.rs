//! What is left of an execution is dropped whatever the destructors do. A panic of one is reported by
//! the panic hook; the execution has its ending already, and the rest is to be dropped all the same.

use std::collections::VecDeque;
use std::mem::needs_drop;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Drops it.
pub(crate) fn drop_quietly<T>(left: T) {
    drop(catch_unwind(AssertUnwindSafe(|| drop(left))));
}

/// Drops them one by one. A collection goes on after a panic, too, but a second one in it would abort
/// the process.
pub(crate) fn drop_each_quietly<T>(left: impl IntoIterator<Item = T>) {
    if needs_drop::<T>() {
        left.into_iter().for_each(drop_quietly);
    }
}

/// The events that wait for their partners in one clause, and are dropped like that.
#[derive(Debug)]
pub struct Waiting<E>(VecDeque<E>);

impl<E> Default for Waiting<E> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<E> Waiting<E> {
    /// One more.
    #[inline]
    pub fn push_back(&mut self, event: E) {
        self.0.push_back(event);
    }

    /// The one that has waited longest.
    #[inline]
    pub fn pop_front(&mut self) -> Option<E> {
        self.0.pop_front()
    }

    /// Whether none waits.
    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<E> Drop for Waiting<E> {
    fn drop(&mut self) {
        drop_each_quietly(self.0.drain(..));
    }
}
