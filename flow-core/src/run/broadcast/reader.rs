//! One of several readers of a stream.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_core::stream::FusedStream;
use tokio::task::coop;

use crate::error::FlowError;
use crate::run::broadcast::received::Received;
use crate::run::broadcast::ring::{Cursor, KeptItem};
use crate::run::broadcast::source::{Hub, ReadOutcome, Role};

/// One of several readers of an execution, as a stream of what it [receives](Received).
///
/// [`Broadcast::subscribe`](crate::Broadcast::subscribe) returns it, and
/// [`Broadcast`](crate::Broadcast) has an example. Items arrive in the order in which they were
/// put. An error of the execution is the last item; after its end the stream yields `None` forever.
///
/// A reader that is polled and finds nothing new drives the execution. Dropping a reader takes
/// nothing from the others. With [`SlowReaders::Block`](crate::SlowReaders::Block), a task that
/// holds two readers has to poll both, or the unpolled one blocks the other.
///
/// # Panics
///
/// Polling panics if the item's `Clone` or `Drop` does. Other readers are not affected.
///
/// # Cancel safety
///
/// Dropping a future of `next()` loses no item.
#[must_use = "a stream does nothing unless it is polled"]
pub struct Reader<T> {
    cursor: Cursor,
    ended: bool,
    /// Dropped last, so that the execution has no reader left when the last hub drops it.
    hub: Arc<Hub<T>>,
}

impl<T> Reader<T> {
    pub(super) fn join(hub: Arc<Hub<T>>, from: Option<u64>) -> Self {
        Self {
            cursor: hub.source.join(from),
            ended: false,
            hub,
        }
    }
}

impl<T: Send + 'static> Reader<T> {
    /// Polls like the stream, but does not clone the item.
    pub(super) fn poll_received(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Received<KeptItem<T>>, FlowError>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        loop {
            // Lets other tasks run: a reader that never waits would occupy its thread.
            let progress = ready!(coop::poll_proceed(cx));
            match self.hub.source.read(&mut self.cursor) {
                ReadOutcome::Received(received) => {
                    progress.made_progress();
                    return Poll::Ready(Some(Ok(received)));
                }
                ReadOutcome::End(ending) => {
                    progress.made_progress();
                    self.ended = true;
                    return Poll::Ready(ending.into_last());
                }
                ReadOutcome::Nothing => {}
            }
            match self.hub.source.next_role(&self.cursor, cx.waker().clone()) {
                Role::Retry => {}
                Role::Wait => return Poll::Pending,
                Role::Drive(source, waker) => {
                    if !self.hub.source.drive(source, self.cursor.reader, waker) {
                        return Poll::Pending;
                    }
                }
            }
            progress.made_progress();
        }
    }
}

impl<T: Clone + Send + 'static> Stream for Reader<T> {
    type Item = Result<Received<T>, FlowError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let received = ready!(self.poll_received(cx));
        Poll::Ready(received.map(|received| {
            received.map(|received| match received {
                Received::Item { position, item } => Received::Item {
                    position,
                    item: own(item),
                },
                Received::Lagged(items) => Received::Lagged(items),
            })
        }))
    }
}

/// Returns the item itself if no other reader needs it, or a clone.
fn own<T: Clone>(item: KeptItem<T>) -> T {
    match Arc::try_unwrap(item) {
        Ok(own) => own.into_inner().unwrap_or_else(PoisonError::into_inner),
        Err(kept) => kept.lock().unwrap_or_else(PoisonError::into_inner).clone(),
    }
}

impl<T: Clone + Send + 'static> FusedStream for Reader<T> {
    fn is_terminated(&self) -> bool {
        self.ended
    }
}

impl<T> Drop for Reader<T> {
    fn drop(&mut self) {
        self.hub.source.leave(&self.cursor);
    }
}

impl<T> fmt::Debug for Reader<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
