//! The options for sharing an execution among readers.

use std::num::NonZeroUsize;

use crate::run::DEFAULT_CAPACITY;

/// The policy for readers that are slower than the others, one of the [`ShareOptions`].
///
/// A reader is slow once it lags by [`ShareOptions::max_lag`] items. `Skip` works like the
/// receivers of [`tokio::sync::broadcast`](https://docs.rs/tokio/1/tokio/sync/broadcast); `Block`
/// has no counterpart there.
///
/// ```
/// # use flow_core::{Cx, ItemPosition, Received, ShareOptions, SlowReaders, flow, handler};
/// use futures::{StreamExt, TryStreamExt};
/// use std::num::NonZeroUsize;
///
/// #[handler]
/// async fn count(cx: &Cx) {
///     for n in 0..10 {
///         cx.put(n.to_string()).await;
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), flow_core::FlowError> {
/// let options = ShareOptions::new(SlowReaders::Skip).max_lag(NonZeroUsize::new(2).unwrap());
/// let readers = flow! { start -> count }.stream(()).share(options);
/// let mut slow = readers.subscribe();
/// assert_eq!(readers.subscribe().count().await, 10);
/// assert_eq!(slow.try_next().await?, Some(Received::Lagged(8)));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SlowReaders {
    /// A slow reader blocks the execution: handlers wait in [`put`](crate::Cx::put), and no reader
    /// misses an item. Dropping the slow reader unblocks the others.
    Block,
    /// A slow reader skips the oldest items and gets a
    /// [`Received::Lagged`](crate::Received::Lagged) with their number.
    Skip,
}

/// The options for [`Execution::share`](crate::Execution::share) and
/// [`Spawned::share`](crate::Spawned::share).
///
/// ```
/// use flow_core::{ShareOptions, SlowReaders};
/// use std::num::NonZeroUsize;
///
/// let options = ShareOptions::new(SlowReaders::Skip)
///     .replay(1_000)
///     .max_lag(NonZeroUsize::new(2_000).unwrap());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use = "options do nothing unless they are passed to `share`"]
pub struct ShareOptions {
    pub(super) slow: SlowReaders,
    pub(super) replay: usize,
    max_lag: NonZeroUsize,
}

impl ShareOptions {
    /// Creates options without a replay, and with a `max_lag` of 32 items.
    pub const fn new(slow: SlowReaders) -> Self {
        Self {
            slow,
            replay: 0,
            max_lag: DEFAULT_CAPACITY,
        }
    }

    /// Keeps the latest items for readers that join late or resume, also after the end.
    ///
    /// The default is 0.
    #[doc(alias = "history")]
    pub const fn replay(mut self, items: usize) -> Self {
        self.replay = items;
        self
    }

    /// Sets how many items a reader may lag behind the fastest one before it counts as slow.
    ///
    /// The default is 32. The replay extends it: a reader may always lag by as many items as the
    /// replay holds.
    #[doc(alias = "backpressure")]
    pub const fn max_lag(mut self, items: NonZeroUsize) -> Self {
        self.max_lag = items;
        self
    }

    /// The lag at which a reader counts as slow.
    pub(super) fn behind(self) -> usize {
        self.max_lag.get().max(self.replay)
    }
}
