//! One of several readers of a stream.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_core::stream::FusedStream;
use tokio::task::coop;

use crate::engine::Ending;
use crate::error::FlowError;
use crate::readers::desk::{Found, Turn};
use crate::readers::ring::{Kept, Place};
use crate::readers::{Hub, Seen};

/// One of several readers of an execution: what [`Broadcast::subscribe`](crate::Broadcast::subscribe)
/// returns, with an example at [`Broadcast`](crate::Broadcast).
///
/// A stream of what it [sees](Seen), in the order in which it was put. An error of the execution is
/// its last item, once; after its end it yields `None` however often it is polled. Each reader runs
/// the execution when it is polled and finds nothing new.
///
/// Dropping it takes nothing from the others. A task that holds two readers has to poll both where
/// the slow one is [waited for](crate::Slow::Waits).
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
    place: Place,
    ended: bool,
    /// Dropped last, so that whoever is the last is no reader any more when the execution is.
    hub: Arc<Hub<T>>,
}

impl<T> Reader<T> {
    pub(super) fn join(hub: Arc<Hub<T>>, from: Option<u64>) -> Self {
        Self {
            place: hub.desk.join(from),
            ended: false,
            hub,
        }
    }
}

impl<T: Send + 'static> Reader<T> {
    /// As a stream, without a copy of the item.
    pub(super) fn poll_seen(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Seen<Kept<T>>, FlowError>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        loop {
            // A reader that never waits would keep its thread.
            let progress = ready!(coop::poll_proceed(cx));
            match self.hub.desk.read(&mut self.place) {
                Found::Seen(seen) => {
                    progress.made_progress();
                    return Poll::Ready(Some(Ok(seen)));
                }
                Found::End(ending) => {
                    progress.made_progress();
                    self.ended = true;
                    return Poll::Ready(match ending {
                        Ending::Done => None,
                        Ending::Failed(error) => Some(Err(error)),
                    });
                }
                Found::Nothing => {}
            }
            match self.hub.desk.turn(&self.place, cx.waker().clone()) {
                Turn::Look => {}
                Turn::Sleep => return Poll::Pending,
                Turn::Drive(source, waker) => {
                    if !self.hub.desk.drive(source, self.place.reader, waker) {
                        return Poll::Pending;
                    }
                }
            }
            progress.made_progress();
        }
    }
}

impl<T: Clone + Send + 'static> Stream for Reader<T> {
    type Item = Result<Seen<T>, FlowError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let seen = ready!(self.poll_seen(cx));
        Poll::Ready(seen.map(|seen| {
            seen.map(|seen| match seen {
                Seen::Item { position, item } => Seen::Item {
                    position,
                    item: own(item),
                },
                Seen::Missed(items) => Seen::Missed(items),
            })
        }))
    }
}

/// The item itself if nobody else needs it, or a clone.
fn own<T: Clone>(item: Kept<T>) -> T {
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
        self.hub.desk.leave(&self.place);
    }
}

impl<T> fmt::Debug for Reader<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
