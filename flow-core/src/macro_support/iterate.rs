//! What `each` takes its items from: collections, streams, and the `each` before it.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use pin_project::pin_project;

use crate::items_of::ItemsOf;

/// Can `each` iterate over the value that arrives?
#[diagnostic::on_unimplemented(
    message = "`each` cannot iterate over `{Self}`, which arrives here: return a collection, for example a `Vec`, or a stream in `ItemsOf(…)`, or remove `each`",
    label = "expected a collection",
    note = "a collection is `IntoIterator`; it, its iterator and its items are `Send`"
)]
pub trait Iterable: Send {
    type Item: Send;
    type Source: Source<Item = Self::Item> + Send;

    fn iterate(self) -> Self::Source;
}

#[diagnostic::do_not_recommend]
impl<T> Iterable for T
where
    T: IntoIterator<Item: Send, IntoIter: Send> + Send,
{
    type Item = T::Item;
    type Source = Collected<T::IntoIter>;

    #[inline]
    fn iterate(self) -> Self::Source {
        Collected(self.into_iter())
    }
}

#[diagnostic::do_not_recommend]
impl<S: Stream<Item: Send> + Send> Iterable for ItemsOf<S> {
    type Item = S::Item;
    type Source = Streamed<S>;

    fn iterate(self) -> Self::Source {
        Streamed(self.0)
    }
}

/// Items, one after the other.
pub trait Source {
    type Item;

    /// It may have to wait for its items.
    const IS_STREAM: bool;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>>;

    /// How many items there are at least.
    fn at_least(&self) -> usize;
}

/// The items of a collection.
#[derive(Debug)]
pub struct Collected<I>(I);

// It never pins the iterator.
impl<I> Unpin for Collected<I> {}

impl<I: Iterator> Source for Collected<I> {
    type Item = I::Item;

    const IS_STREAM: bool = false;

    #[inline]
    fn poll_next(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Option<I::Item>> {
        Poll::Ready(self.get_mut().0.next())
    }

    #[inline]
    fn at_least(&self) -> usize {
        self.0.size_hint().0
    }
}

/// The items of a stream.
#[derive(Debug)]
#[pin_project]
pub struct Streamed<S>(#[pin] S);

impl<S: Stream> Source for Streamed<S> {
    type Item = S::Item;

    const IS_STREAM: bool = true;

    #[inline]
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        self.project().0.poll_next(cx)
    }

    fn at_least(&self) -> usize {
        self.0.size_hint().0
    }
}

/// A source that may fail with an `X`, as the `each` before another one does.
pub trait Feed<X> {
    type Item;

    /// It is a stream itself.
    const IS_STREAM: bool;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>)
    -> Poll<Option<Result<Self::Item, X>>>;

    /// Goes on with the work on items to come, where none is taken now.
    ///
    /// # Errors
    ///
    /// If that work has failed.
    fn advance(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Result<(), X>;

    fn at_least(&self) -> usize;
}

impl<S: Source, X> Feed<X> for S {
    type Item = S::Item;

    const IS_STREAM: bool = S::IS_STREAM;

    #[inline]
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<S::Item, X>>> {
        Source::poll_next(self, cx).map(|item| item.map(Ok))
    }

    #[inline]
    fn advance(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Result<(), X> {
        Ok(())
    }

    #[inline]
    fn at_least(&self) -> usize {
        Source::at_least(self)
    }
}
