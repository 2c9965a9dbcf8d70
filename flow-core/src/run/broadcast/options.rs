//! How an execution is shared among readers.

use std::num::NonZeroUsize;

use crate::run::DEFAULT_CAPACITY;

/// What happens when a reader is slower than the others: a part of [`ShareOptions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SlowReaders {
    /// A slow reader blocks the execution: once it lags by [`ShareOptions::max_lag`], handlers wait in
    /// [`put`](crate::Cx::put). No reader misses an item. Dropping the slow reader unblocks the others.
    Block,
    /// A slow reader skips items, and is told how many: [`Received::Lagged`](crate::Received::Lagged).
    Skip,
}

/// How an execution is shared among readers: see [`Execution::share`](crate::Execution::share).
///
/// ```
/// use flow_core::{ShareOptions, SlowReaders};
/// use std::num::NonZeroUsize;
///
/// let options = ShareOptions::new(SlowReaders::Skip)
///     .replay(1_000)
///     .max_lag(NonZeroUsize::new(2_000).unwrap());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "options do nothing unless they are passed to `share`"]
pub struct ShareOptions {
    pub(super) slow: SlowReaders,
    pub(super) replay: usize,
    max_lag: NonZeroUsize,
}

impl ShareOptions {
    /// Options without a replay, and with a `max_lag` of 32.
    pub const fn new(slow: SlowReaders) -> Self {
        Self {
            slow,
            replay: 0,
            max_lag: DEFAULT_CAPACITY,
        }
    }

    /// Keeps the latest `items` items, also after the end, for readers that join late or come back. By default
    /// none is kept.
    #[doc(alias = "history")]
    pub const fn replay(mut self, items: usize) -> Self {
        self.replay = items;
        self
    }

    /// How many items a reader may be behind the fastest before it counts as slow. A reader may always lag
    /// by as many items as the replay keeps.
    #[doc(alias = "backpressure")]
    pub const fn max_lag(mut self, items: NonZeroUsize) -> Self {
        self.max_lag = items;
        self
    }

    /// How many items a reader may be behind.
    pub(super) fn behind(self) -> usize {
        self.max_lag.get().max(self.replay)
    }
}
