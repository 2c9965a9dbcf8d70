//! An `each` before another one: its results go on in order as they come.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project::pin_project;

use crate::macro_support::BUDGET;
use crate::macro_support::around::{Around, Awaited};
use crate::macro_support::each::{Running, yields};
use crate::macro_support::iterate::Feed;

/// Runs `work` on each item, as [`each`](super::each::each), for another `each`. At most `limit`
/// items are under way or wait to be taken.
pub fn window<Y, S, W, F, V, X>(
    around: Y,
    items: S,
    limit: usize,
    work: W,
) -> Window<Y, S, W, F, impl Fn(V) -> Option<V>, V>
where
    Y: Around,
    S: Feed<X>,
    W: Fn(S::Item) -> F,
    F: Future<Output = Result<V, X>>,
{
    Window::new(around, items, limit, work, Some)
}

/// As [`window`], for a route that leaves items out with `skip`.
pub fn window_kept<Y, S, W, F, V, X>(
    around: Y,
    items: S,
    limit: usize,
    work: W,
) -> Window<Y, S, W, F, impl Fn(Option<V>) -> Option<V>, V>
where
    Y: Around,
    S: Feed<X>,
    W: Fn(S::Item) -> F,
    F: Future<Output = Result<Option<V>, X>>,
{
    Window::new(around, items, limit, work, |result| result)
}

#[pin_project]
pub struct Window<Y: Around, S, W, F, K, V> {
    stream: Awaited<Y>,
    #[pin]
    items: S,
    work: W,
    keep: K,
    limit: usize,
    running: Running<F>,
    /// The items from the first that has not been taken on. One that is left out has no value.
    results: VecDeque<Progress<V>>,
    /// The index of the first of them.
    first: usize,
    all_started: bool,
}

impl<Y: Around, S, W, F, K, V> fmt::Debug for Window<Y, S, W, F, K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Window")
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

enum Progress<V> {
    UnderWay,
    Done(Option<V>),
}

impl<Y: Around, S, W, F: Future, K, V> Window<Y, S, W, F, K, V> {
    fn new(around: Y, items: S, limit: usize, work: W, keep: K) -> Self {
        Self {
            stream: Awaited::new(around),
            items,
            work,
            keep,
            limit,
            running: Running::new(),
            results: VecDeque::new(),
            first: 0,
            all_started: false,
        }
    }

    /// The next value, if its item is done.
    fn take(self: Pin<&mut Self>) -> Option<V> {
        let this = self.project();
        while let Some(Progress::Done(_)) = this.results.front() {
            *this.first += 1;
            if let Some(Progress::Done(Some(value))) = this.results.pop_front() {
                return Some(value);
            }
        }
        None
    }
}

impl<Y, S, W, F, K, R, V, X> Feed<X> for Window<Y, S, W, F, K, V>
where
    Y: Around,
    S: Feed<X>,
    W: Fn(S::Item) -> F,
    F: Future<Output = Result<R, X>>,
    K: Fn(R) -> Option<V>,
{
    type Item = V;

    // Its own source may be one.
    const IS_STREAM: bool = false;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<V, X>>> {
        let mut budget = BUDGET;
        loop {
            if let Some(value) = self.as_mut().take() {
                return Poll::Ready(Some(Ok(value)));
            }
            if self.all_started && self.results.is_empty() {
                return Poll::Ready(None);
            }
            if budget == 0 {
                // All items so far were left out.
                return yields(&self.project().stream.around, cx);
            }
            self.as_mut().start(&mut budget, cx)?;
            match self.results.front() {
                Some(Progress::Done(_)) => {}
                None if self.all_started => return Poll::Ready(None),
                None | Some(Progress::UnderWay) => return Poll::Pending,
            }
        }
    }

    fn advance(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Result<(), X> {
        self.start(&mut { BUDGET }, cx)
    }

    fn at_least(&self) -> usize {
        self.items.at_least()
    }
}

impl<Y: Around, S, W, F, K, V> Window<Y, S, W, F, K, V> {
    /// Starts items as far as there is room for them, but not more than the budget has, and polls
    /// those that are under way. With a budget that is spent, it wakes the task.
    fn start<R, X>(self: Pin<&mut Self>, budget: &mut u32, cx: &mut Context<'_>) -> Result<(), X>
    where
        S: Feed<X>,
        W: Fn(S::Item) -> F,
        F: Future<Output = Result<R, X>>,
        K: Fn(R) -> Option<V>,
    {
        let mut this = self.project();
        let set = |results: &mut VecDeque<_>, first: usize, (index, result): (usize, _)| {
            let value = (this.keep)(result?);
            if let Some(progress) = results.get_mut(index - first) {
                *progress = Progress::Done(value);
            }
            Ok(())
        };
        while !*this.all_started {
            if this.results.len() >= *this.limit {
                this.items.as_mut().advance(cx)?;
                break;
            }
            if *budget == 0 {
                let _pending: Poll<()> = yields(&this.stream.around, cx);
                break;
            }
            *budget -= 1;
            let next = this.items.as_mut().poll_next(cx);
            if const { S::IS_STREAM } {
                this.stream.set(next.is_pending());
            }
            let item = match next {
                Poll::Ready(Some(item)) => item?,
                Poll::Ready(None) => {
                    *this.all_started = true;
                    break;
                }
                Poll::Pending => break,
            };
            let index = *this.first + this.results.len();
            this.results.push_back(Progress::UnderWay);
            if let Some(done) = this.running.start(index, || (this.work)(item), cx) {
                set(this.results, *this.first, done)?;
            }
        }
        while let Poll::Ready(Some(done)) = this.running.poll_next(cx) {
            if let Some(done) = done {
                set(this.results, *this.first, done)?;
            }
        }
        Ok(())
    }
}
