//! The events of `when A & B` that wait for their partners, and those of `when Vote[3]` for others.

use std::collections::VecDeque;
#[cfg(feature = "durable")]
use std::num::NonZeroU64;

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
    #[inline]
    pub fn push_back(&mut self, event: E) {
        self.0.push_back(event);
    }

    #[inline]
    pub fn pop_front(&mut self) -> Option<E> {
        self.0.pop_front()
    }

    /// The first `N` of them, if as many wait.
    #[must_use]
    pub fn pop_array<const N: usize>(&mut self) -> Option<[E; N]> {
        if self.0.len() < N {
            return None;
        }
        // They cannot be fewer.
        self.0.drain(..N).collect::<Vec<_>>().try_into().ok()
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    #[inline]
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The events of a clause `when A & B` or `when Vote[3]` that wait for a partner, or were left
/// without one.
#[derive(Debug, Default)]
pub struct LeftOver {
    /// The index of the clause.
    pub(crate) clause: usize,
    /// How many of each of its events wait.
    pub(crate) waiting: Vec<usize>,
}

impl LeftOver {
    /// Returns `None` if no event waits.
    #[must_use]
    pub fn of(clause: usize, waiting: &[usize]) -> Option<Self> {
        let waits = waiting.iter().any(|waiting| *waiting > 0);
        waits.then(|| Self {
            clause,
            waiting: waiting.to_vec(),
        })
    }
}

/// The numbers of the event of a clause that has arrived last, and of all those that it has
/// completed.
#[cfg(feature = "durable")]
#[derive(Debug)]
pub struct LastMatched {
    pub(crate) arrived: u64,
    pub(crate) matched: Vec<NonZeroU64>,
}

impl<E> Drop for PairQueue<E> {
    fn drop(&mut self) {
        drop_each_catching(self.0.drain(..));
    }
}
