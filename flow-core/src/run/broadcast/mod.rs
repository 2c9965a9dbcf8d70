//! Several readers of one stream.
//!
//! A [`Reader`] reads from the [`Ring`](ring::Ring). If it finds nothing new, it polls the
//! execution itself, or waits until another reader has: the [`SharedSource`] decides which.

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

/// The stream of an execution, shared among any number of readers.
///
/// [`Execution::share`](crate::Execution::share) and [`Spawned::share`](crate::Spawned::share)
/// return it. It is a handle that is cheap to clone. Its readers are streams of their own and can
/// be sent to other tasks and threads.
///
/// No task runs in the background. Whichever reader is polled drives the execution and wakes the
/// other readers when there is an item for them, so nothing happens while no reader is polled,
/// unless [`drain`](Self::drain) runs. If the handlers need a tokio runtime, all readers have to be
/// polled inside it.
///
/// Dropping the last handle and the last reader cancels the execution.
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
/// let options = ShareOptions::new(SlowReaders::Block).replay(100);
/// let words = flow! { start -> count }.stream(()).share(options);
/// let mut reader = words.subscribe();
/// let Some(Received::Item { position, item, .. }) = reader.try_next().await? else {
///     panic!("the first item was skipped");
/// };
/// assert_eq!((position, item.as_str()), (ItemPosition::START, "one"));
///
/// // One reader joins late; another one comes back after it has seen the first item.
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
    /// Shares a stream of your own, for instance an execution whose items are transformed first.
    ///
    /// The transformation then runs once, and not once per reader. Items that are costly to clone,
    /// or cannot be cloned, can be wrapped in an [`Arc`].
    ///
    /// An error is the last item that readers get; [`FlowError::new`] creates one. If the stream
    /// panics, each reader gets an error of the kind [`Panicked`](crate::FlowErrorKind::Panicked).
    ///
    /// ```
    /// # use flow_core::{Broadcast, Cx, ShareOptions, SlowReaders, flow, handler};
    /// use futures::TryStreamExt;
    /// use std::sync::Arc;
    ///
    /// # #[handler]
    /// # async fn work(cx: &Cx) { cx.put("done").await; }
    /// let items = flow! { start -> work }.stream(()).map_ok(Arc::new);
    /// let options = ShareOptions::new(SlowReaders::Skip);
    /// let readers: Broadcast<Arc<String>> = Broadcast::new(items, options);
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

    /// Adds a reader of all items that no reader has read yet.
    pub fn subscribe(&self) -> Reader<T> {
        Reader::join(Arc::clone(&self.hub), None)
    }

    /// Adds a reader of the items from this position on.
    ///
    /// If the replay no longer holds the first of them, the reader first gets a
    /// [`Received::Lagged`] with the number of items that it missed. If the position has not been
    /// reached yet, the reader skips the items before it.
    pub fn subscribe_from(&self, position: ItemPosition) -> Reader<T> {
        Reader::join(Arc::clone(&self.hub), Some(position.get()))
    }

    /// Adds a reader of the items that follow the one at this position.
    ///
    /// Use it to resume, like the `Last-Event-ID` of server-sent events. Items that the replay no
    /// longer holds are reported as with [`subscribe_from`](Self::subscribe_from).
    pub fn subscribe_after(&self, position: ItemPosition) -> Reader<T> {
        self.subscribe_from(ItemPosition::new(position.get().saturating_add(1)))
    }

    /// Drives the execution to its end, whether or not any reader is polled.
    ///
    /// It works like a reader that is never slow and ignores the items. Spawn it to run the
    /// execution in the background: `tokio::spawn(readers.drain())`.
    ///
    /// # Errors
    ///
    /// The error that the readers get, if the execution fails.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future drops its reader.
    ///
    /// ```
    /// # use flow_core::{Cx, ShareOptions, SlowReaders, flow, handler};
    /// use futures::StreamExt;
    /// # #[handler]
    /// # async fn work(cx: &Cx) { cx.put("done").await; }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), flow_core::FlowError> {
    /// let options = ShareOptions::new(SlowReaders::Skip).replay(10);
    /// let readers = flow! { start -> work }.stream(()).share(options);
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
        let (items, readers, ended) = self.hub.source.progress();
        f.debug_struct("Broadcast")
            .field("items", &items)
            .field("readers", &readers)
            .field("ended", &ended)
            .finish_non_exhaustive()
    }
}
