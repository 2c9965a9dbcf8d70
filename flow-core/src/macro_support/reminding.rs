//! The clock of a question with a reminder, and what its tick brings.

use std::any::Any;
use std::cmp::Ordering;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::macro_support::clock::Clock;
use crate::macro_support::drop::drop_catching;

/// The question that a reminder gets a copy of, shared by those that wait for its answer.
pub(crate) type Kept = Arc<dyn Any + Send + Sync>;

/// Locked because an event need not be `Sync`; the lock is never contended.
pub(crate) struct KeptQuestion<Q>(Mutex<Option<Q>>);

impl<Q> KeptQuestion<Q> {
    pub(crate) fn new(question: Q) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Some(question))))
    }

    /// Another one of it, or what else is made of it.
    pub(crate) fn copy<R>(&self, another: impl FnOnce(&Q) -> R) -> Option<R> {
        let question = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        question.as_ref().map(another)
    }
}

/// The answerer, or the driver, may be the last to have it. A panic of its destructor is not theirs.
impl<Q> Drop for KeptQuestion<Q> {
    fn drop(&mut self) {
        let question = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        drop_catching(question.take());
    }
}

/// The clock of one question. It waits among the deadlines of its execution, or goes with the run of
/// the handler, so that a reminder does not overlap itself.
///
/// In a box, as most deadlines are smaller.
#[derive(Debug)]
pub struct Reminding(Box<OfQuestion>);

#[derive(Debug)]
pub struct OfQuestion {
    /// The number of the question.
    pub(crate) question: u64,
    /// The place of its reminder in `Graph::REMINDERS`.
    pub(crate) reminder: usize,
    pub(crate) clock: Clock,
    /// For how many periods the last tick stands.
    pub(crate) count: u64,
}

impl Reminding {
    pub(crate) fn new(question: u64, reminder: usize, period: Duration) -> Self {
        let next = Instant::now().checked_add(period);
        Self(Box::new(OfQuestion {
            question,
            reminder,
            clock: Clock { period, next },
            count: 0,
        }))
    }

    /// Moves the clock on, past `now`.
    pub(crate) fn take(&mut self, now: Instant) {
        self.count = self.clock.take(now);
    }
}

impl Deref for Reminding {
    type Target = OfQuestion;

    fn deref(&self) -> &OfQuestion {
        &self.0
    }
}

impl DerefMut for Reminding {
    fn deref_mut(&mut self) -> &mut OfQuestion {
        &mut self.0
    }
}

// By the number of the question: each has at most one.
impl PartialEq for Reminding {
    fn eq(&self, other: &Self) -> bool {
        self.question == other.question
    }
}

impl Eq for Reminding {}

impl PartialOrd for Reminding {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Reminding {
    fn cmp(&self, other: &Self) -> Ordering {
        self.question.cmp(&other.question)
    }
}

/// What a reminder begins with.
pub struct Reminded {
    pub(crate) question: Kept,
    pub(crate) reminding: Reminding,
}

impl Reminded {
    pub(crate) fn new(question: Kept, reminding: Reminding) -> Self {
        Self {
            question,
            reminding,
        }
    }
}

#[cfg(feature = "durable")]
impl Reminded {
    /// The number of the question.
    #[must_use]
    pub fn question(&self) -> u64 {
        self.reminding.question
    }
}

impl fmt::Debug for Reminded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reminded")
            .field("reminding", &self.reminding)
            .finish_non_exhaustive()
    }
}
