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

/// One of several readers of an execution: what [`Broadcast::subscribe`](crate::Broadcast::subscribe)
/// returns, with an example at [`Broadcast`](crate::Broadcast).
///
/// A stream of what it [sees](Received), in the order in which it was put. An error of the execution is
/// its last item, once; after its end it yields `None` however often it is polled. Each reader runs
/// the execution when it is polled and finds nothing new.
///
/// Dropping it takes nothing from the others. A task that holds two readers has to poll both where
/// the slow one is [waited for](crate::SlowReaders::Block).
///
/// # Panics
///
/// It does not, unless the item's `Clone` or `Drop` does; the others do not notice then.
///
/// # Cancel safety
///
/// Dropping the future of its `next()` loses nothing.
#[must_use = "a stream does nothing unless it is polled"]
pub struct Reader<T> {
    cursor: Cursor,
    ended: bool,
    /// Dropped last, so that whoever is the last is no reader any more when the execution is.
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
    /// As a stream, without a copy of the item.
    pub(super) fn poll_received(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Received<KeptItem<T>>, FlowError>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        loop {
            // A reader that never waits would keep its thread.
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
                ReadOutcome::SkippedValue => {}
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

/// The item itself if nobody else needs it, or a clone.
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
