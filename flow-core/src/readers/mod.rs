//! Several readers of one stream.
//!
//! A [`Reader`] takes what is in the [`Ring`](ring::Ring). Where there is nothing new for it, it
//! polls the execution itself, or sleeps until another reader has: the [`Desk`] says which.

mod desk;
mod reader;
mod ring;

use std::fmt;
use std::future::{Future, poll_fn};
use std::num::NonZeroUsize;
use std::sync::Arc;

use futures_core::Stream;

use crate::error::FlowError;
use crate::flow::DEFAULT_CAPACITY;
use crate::readers::desk::Desk;
pub use crate::readers::reader::Reader;

/// What becomes of a reader that is slower than the others: a part of [`Sharing`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slow {
    /// The execution waits for it, and its handlers' [`put`](crate::Cx::put) with it, once it is as
    /// far behind as [`Sharing::lag`] says. Nobody misses anything; dropping the reader lets the
    /// others go on.
    Waits,
    /// The others go on. It is told how many items it has missed: [`Seen::Missed`].
    Misses,
}

/// How an execution is shared among readers: see [`Execution::share`](crate::Execution::share).
///
/// ```
/// use flow_core::{Sharing, Slow};
/// use std::num::NonZeroUsize;
///
/// let sharing = Sharing::new(Slow::Misses)
///     .replay(1_000)
///     .lag(NonZeroUsize::new(2_000).unwrap());
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use = "it is what `share` takes"]
pub struct Sharing {
    slow: Slow,
    replay: usize,
    lag: NonZeroUsize,
}

impl Sharing {
    /// No replay, and a lag of [`DEFAULT_CAPACITY`].
    pub const fn new(slow: Slow) -> Self {
        Self {
            slow,
            replay: 0,
            lag: DEFAULT_CAPACITY,
        }
    }

    /// How many of the latest items are kept, also after the end, for readers that come later or come
    /// back; none, if this is not said.
    pub const fn replay(mut self, items: usize) -> Self {
        self.replay = items;
        self
    }

    /// How many items a reader may be behind the fastest before it is [`Slow`]. What the replay keeps
    /// anyway it may be behind in any case.
    pub const fn lag(mut self, items: NonZeroUsize) -> Self {
        self.lag = items;
        self
    }

    /// How far behind a reader may be.
    fn behind(self) -> usize {
        self.lag.get().max(self.replay)
    }
}

/// What a [`Reader`] reads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Seen<T> {
    /// An item, with its number in the execution, from 0: what
    /// [`subscribe_after`](Broadcast::subscribe_after) takes from a reader that comes back.
    Item {
        /// How many items of the execution came before it.
        position: u64,
        /// The item itself.
        item: T,
    },
    /// So many items that this reader was to see are gone: it was too slow, or joined too late for
    /// the replay to have them. It goes on behind them.
    Missed(u64),
}

impl<T> Seen<T> {
    /// The item, for a reader to whom it is all the same whether some are missing.
    ///
    /// ```
    /// # use flow_core::Seen;
    /// assert_eq!(Seen::Item { position: 3, item: "x" }.item(), Some("x"));
    /// assert_eq!(Seen::<&str>::Missed(2).item(), None);
    /// ```
    #[must_use]
    pub fn item(self) -> Option<T> {
        match self {
            Self::Item { item, .. } => Some(item),
            Self::Missed(_) => None,
        }
    }
}

/// The stream of an execution, for any number of readers: what
/// [`Execution::share`](crate::Execution::share) and [`Spawned::share`](crate::Spawned::share)
/// return.
///
/// It is a handle: cloning it is cheap, and its readers are streams of their own, that may be sent to
/// other tasks and threads. No task belongs to it. Whichever reader is polled runs the execution
/// (in its tokio runtime, if the handlers need one); the others are woken when there is something for
/// them. While no reader is polled nothing happens, unless somebody [`run`](Self::run)s it. When the
/// last handle and the last reader are dropped, the execution is cancelled.
///
/// ```
/// use flow_core::{Cx, Seen, Sharing, Slow, flow, handler};
/// use futures::TryStreamExt;
///
/// #[handler]
/// async fn count(cx: &Cx) {
///     for word in ["one", "two", "three"] {
///         cx.put(word).await;
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), flow_core::FlowError> {
/// let words = flow! { start -> count }.stream(()).share(Sharing::new(Slow::Waits).replay(100));
/// let mut reader = words.subscribe();
/// assert_eq!(reader.try_next().await?, Some(Seen::Item { position: 0, item: "one".to_owned() }));
///
/// // Somebody comes later, and somebody comes back, having seen the item 1 before.
/// let late: Vec<_> = words.subscribe_from(0).try_collect().await?;
/// assert_eq!(late.len(), 3);
/// let back: Vec<_> = words.subscribe_after(1).try_collect().await?;
/// assert_eq!(back, [Seen::Item { position: 2, item: "three".to_owned() }]);
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing runs unless a reader is polled"]
pub struct Broadcast<T> {
    hub: Arc<Hub<T>>,
}

/// What handles and readers hold. The wakers of the execution hold the desk only, so that an
/// execution that waits does not keep itself alive.
struct Hub<T> {
    desk: Arc<Desk<T>>,
}

impl<T> Drop for Hub<T> {
    fn drop(&mut self) {
        self.desk.close();
    }
}

impl<T: Send + 'static> Broadcast<T> {
    /// Shares a stream: an execution of which something was made before its readers see it. Work that
    /// is the same for all of them is done once there; and items that are costly to clone, or cannot
    /// be cloned, can be put behind an `Arc`.
    ///
    /// An error is the last item, as with an execution. If the stream panics, each reader gets an
    /// error of the kind [`Panicked`](crate::FlowErrorKind::Panicked).
    ///
    /// ```
    /// # use flow_core::{Broadcast, Cx, Sharing, Slow, flow, handler};
    /// use futures::TryStreamExt;
    /// use std::sync::Arc;
    ///
    /// # #[handler]
    /// # async fn work(cx: &Cx) { cx.put("done").await; }
    /// let items = flow! { start -> work }.stream(()).map_ok(Arc::new);
    /// let readers: Broadcast<Arc<String>> = Broadcast::new(items, Sharing::new(Slow::Misses));
    /// ```
    pub fn new(
        stream: impl Stream<Item = Result<T, FlowError>> + Send + 'static,
        sharing: Sharing,
    ) -> Self {
        let desk = Arc::new(Desk::new(Box::pin(stream), sharing));
        Self {
            hub: Arc::new(Hub { desk }),
        }
    }

    /// A reader of all items from now on: of those that no reader has read yet.
    pub fn subscribe(&self) -> Reader<T> {
        Reader::join(Arc::clone(&self.hub), None)
    }

    /// A reader of the items from this position on; 0 is the start.
    ///
    /// If the replay does not reach that far back, it is [told](Seen::Missed) first how many it has
    /// missed. If the execution has not come that far, it sees nothing before that position.
    pub fn subscribe_from(&self, position: u64) -> Reader<T> {
        Reader::join(Arc::clone(&self.hub), Some(position))
    }

    /// A reader of what follows the item at this position: for one who comes back, as with the
    /// `Last-Event-ID` of server-sent events. As [`subscribe_from`](Self::subscribe_from), it tells
    /// what it has missed.
    pub fn subscribe_after(&self, position: u64) -> Reader<T> {
        self.subscribe_from(position.saturating_add(1))
    }

    /// Runs the execution to its end whether or not anybody reads, as a reader does that is never
    /// slow and does not look at the items. It can be a task: `tokio::spawn(readers.run())`.
    ///
    /// # Errors
    ///
    /// The one that readers get, if the execution ends with one.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future is dropping a reader.
    ///
    /// ```
    /// # use flow_core::{Cx, Sharing, Slow, flow, handler};
    /// use futures::StreamExt;
    /// # #[handler]
    /// # async fn work(cx: &Cx) { cx.put("done").await; }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), flow_core::FlowError> {
    /// let readers = flow! { start -> work }.stream(()).share(Sharing::new(Slow::Misses).replay(10));
    /// readers.run().await?;
    /// assert_eq!(readers.subscribe_from(0).count().await, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn run(&self) -> impl Future<Output = Result<(), FlowError>> + Send + use<T> {
        let mut reader = self.subscribe();
        async move {
            while let Some(seen) = poll_fn(|cx| reader.poll_seen(cx)).await {
                seen?;
            }
            Ok(())
        }
    }
}

impl<T> Clone for Broadcast<T> {
    fn clone(&self) -> Self {
        Self {
            hub: Arc::clone(&self.hub),
        }
    }
}

impl<T> fmt::Debug for Broadcast<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Broadcast").finish_non_exhaustive()
    }
}
