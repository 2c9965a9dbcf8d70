//! The items of a spawned execution, as streams.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_core::stream::FusedStream;

use crate::engine::ending::Read;
use crate::engine::handle::{Handle, Witness};
use crate::error::FlowError;

/// A stream of the items of a spawned execution, borrowed from its handle.
///
/// [`Spawned::items`](crate::Spawned::items) returns it.
///
/// [`Flow::spawn`](crate::Flow::spawn) has an example. After its end the stream yields `None`
/// forever.
///
/// # Cancel safety
///
/// Dropping a future of `next()`, or the stream itself, loses no item.
#[must_use = "a stream does nothing unless it is polled"]
pub struct Items<'a, T: 'static> {
    pub(super) handle: &'a dyn Handle<T>,
    pub(super) ended: &'a mut bool,
}

impl<T> Stream for Items<'_, T> {
    type Item = Result<T, FlowError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if *self.ended {
            return Poll::Ready(None);
        }
        self.handle.poll_item(cx).map(|read| match read {
            Read::Item(item) => Some(Ok(item)),
            Read::End(ending) => {
                *self.ended = true;
                ending.into_last()
            }
        })
    }
}

impl<T> FusedStream for Items<'_, T> {
    fn is_terminated(&self) -> bool {
        *self.ended
    }
}

impl<T> fmt::Debug for Items<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}

/// A stream of the items of a spawned execution, taken from its handle.
///
/// [`Spawned::take_items`](crate::Spawned::take_items) returns it and has an example.
///
/// Dropping it drops the items that are buffered and those put later; the execution runs on. After
/// its end the stream yields `None` forever.
///
/// # Cancel safety
///
/// Dropping a future of `next()` loses no item.
#[must_use = "a stream does nothing unless it is polled"]
pub struct OwnedItems<T: 'static> {
    /// `None` once the end was read.
    pub(super) witness: Option<Witness<T>>,
}

impl<T> Stream for OwnedItems<T> {
    type Item = Result<T, FlowError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(witness) = &self.witness else {
            return Poll::Ready(None);
        };
        witness.handle().poll_item(cx).map(|read| match read {
            Read::Item(item) => Some(Ok(item)),
            Read::End(ending) => {
                self.witness = None;
                ending.into_last()
            }
        })
    }
}

impl<T> FusedStream for OwnedItems<T> {
    fn is_terminated(&self) -> bool {
        self.witness.is_none()
    }
}

impl<T> Drop for OwnedItems<T> {
    fn drop(&mut self) {
        if let Some(witness) = &self.witness {
            witness.handle().stop_reading();
        }
    }
}

impl<T> fmt::Debug for OwnedItems<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnedItems")
            .field("ended", &self.witness.is_none())
            .finish_non_exhaustive()
    }
}
