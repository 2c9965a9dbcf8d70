//! Several readers of one stream.
//!
//! A [`Reader`] takes what is in the [`Ring`](ring::Ring). If there is nothing new for it, it polls the
//! execution itself, or sleeps until another reader has: the [`SharedSource`] decides which.

mod options;
mod reader;
mod received;
mod ring;
mod source;

use std::fmt;
use std::future::{Future, poll_fn};
use std::sync::Arc;

use futures_core::Stream;

use crate::error::FlowError;
pub use crate::run::broadcast::options::{ShareOptions, SlowReaders};
pub use crate::run::broadcast::reader::Reader;
pub use crate::run::broadcast::received::{ItemPosition, Received};
use crate::run::broadcast::source::{Hub, SharedSource};

/// The stream of an execution, for any number of readers: what
/// [`Execution::share`](crate::Execution::share) and [`Spawned::share`](crate::Spawned::share)
/// return.
///
/// It is a handle: cloning it is cheap, and its readers are streams of their own, that may be sent to
/// other tasks and threads. No task belongs to it. Whichever reader is polled runs the execution
/// (in its tokio runtime, if the handlers need one); the others are woken when there is something for
/// them. While no reader is polled nothing happens, unless somebody [`drain`](Self::drain)s it. When the
/// last handle and the last reader are dropped, the execution is cancelled.
///
/// ```
/// use flow_core::{Cx, ItemPosition, Received, ShareOptions, SlowReaders, flow, handler};
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
/// let words = flow! { start -> count }.stream(()).share(ShareOptions::new(SlowReaders::Block).replay(100));
/// let mut reader = words.subscribe();
/// let Some(Received::Item { position, item, .. }) = reader.try_next().await? else {
///     panic!("no item was missed");
/// };
/// assert_eq!((position, item.as_str()), (ItemPosition::START, "one"));
///
/// // One reader joins late, and one comes back that has seen the first item.
/// let late: Vec<_> = words.subscribe_from(ItemPosition::START).try_collect().await?;
/// assert_eq!(late.len(), 3);
/// let back: Vec<_> = words.subscribe_after(position).try_collect().await?;
/// assert_eq!(back.len(), 2);
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing runs unless a reader is polled"]
pub struct Broadcast<T> {
    hub: Arc<Hub<T>>,
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
    /// # use flow_core::{Broadcast, Cx, ShareOptions, SlowReaders, flow, handler};
    /// use futures::TryStreamExt;
    /// use std::sync::Arc;
    ///
    /// # #[handler]
    /// # async fn work(cx: &Cx) { cx.put("done").await; }
    /// let items = flow! { start -> work }.stream(()).map_ok(Arc::new);
    /// let readers: Broadcast<Arc<String>> = Broadcast::new(items, ShareOptions::new(SlowReaders::Skip));
    /// ```
    pub fn new(
        stream: impl Stream<Item = Result<T, FlowError>> + Send + 'static,
        options: ShareOptions,
    ) -> Self {
        let source = Arc::new(SharedSource::new(Box::pin(stream), options));
        Self {
            hub: Arc::new(Hub { source }),
        }
    }

    /// A reader of all items from now on: of those that no reader has read yet.
    pub fn subscribe(&self) -> Reader<T> {
        Reader::join(Arc::clone(&self.hub), None)
    }

    /// A reader of the items from this position on.
    ///
    /// If the replay does not reach that far back, it is [told](Received::Lagged) first how many it has
    /// missed. If the execution has not come that far, it sees nothing before that position.
    pub fn subscribe_from(&self, position: ItemPosition) -> Reader<T> {
        Reader::join(Arc::clone(&self.hub), Some(position.get()))
    }

    /// A reader of what follows the item at this position: for one who comes back, as with the
    /// `Last-Event-ID` of server-sent events. As [`subscribe_from`](Self::subscribe_from), it tells
    /// what it has missed.
    pub fn subscribe_after(&self, position: ItemPosition) -> Reader<T> {
        self.subscribe_from(ItemPosition::new(position.get().saturating_add(1)))
    }

    /// Runs the execution to its end whether or not anybody reads, as a reader does that is never
    /// slow and does not look at the items. It can be a task: `tokio::spawn(readers.drain())`.
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
    /// # use flow_core::{Cx, ShareOptions, SlowReaders, flow, handler};
    /// use futures::StreamExt;
    /// # #[handler]
    /// # async fn work(cx: &Cx) { cx.put("done").await; }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), flow_core::FlowError> {
    /// let readers = flow! { start -> work }.stream(()).share(ShareOptions::new(SlowReaders::Skip).replay(10));
    /// readers.drain().await?;
    /// assert_eq!(readers.subscribe_from(flow_core::ItemPosition::START).count().await, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn drain(&self) -> impl Future<Output = Result<(), FlowError>> + Send + use<T> {
        let mut reader = self.subscribe();
        async move {
            while let Some(received) = poll_fn(|cx| reader.poll_received(cx)).await {
                received?;
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
