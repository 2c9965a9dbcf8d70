//! `each`: the same route for each item of a collection.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use futures_util::stream::{FuturesUnordered, Stream};
use pin_project::pin_project;

use crate::macro_support::BUDGET;
use crate::macro_support::around::{Around, Awaited};
use crate::macro_support::iterate::Feed;

/// For how many results `each` reserves memory beforehand. A size hint may be any number.
const RESERVED: usize = 1024;

/// Runs `work` on each item, on at most `limit` of them at a time. The results are in the order of
/// the items. The first error drops all futures that are running.
///
/// Futures that complete on the first poll allocate nothing; those that suspend allocate once.
/// Where to start each one is predicted from the previous one.
///
/// After `BUDGET` items it calls `Around::yield_soon`, so that other tasks have their turn: a wake
/// alone would only come back to this.
pub fn each<S, F, V, X>(
    around: impl Around,
    items: S,
    limit: usize,
    work: impl Fn(S::Item) -> F + Send,
) -> impl Future<Output = Result<Vec<V>, X>>
where
    S: Feed<X>,
    F: Future<Output = Result<V, X>>,
{
    collect(around, items, limit, work, Some)
}

/// As [`each`], for a route that leaves items out with `skip`.
pub fn each_kept<S, F, V, X>(
    around: impl Around,
    items: S,
    limit: usize,
    work: impl Fn(S::Item) -> F + Send,
) -> impl Future<Output = Result<Vec<V>, X>>
where
    S: Feed<X>,
    F: Future<Output = Result<Option<V>, X>>,
{
    collect(around, items, limit, work, |result| result)
}

async fn collect<S, F, R, V, X>(
    around: impl Around,
    items: S,
    limit: usize,
    work: impl Fn(S::Item) -> F + Send,
    keep: impl Fn(R) -> Option<V>,
) -> Result<Vec<V>, X>
where
    S: Feed<X>,
    F: Future<Output = Result<R, X>>,
{
    let mut items = pin!(items);
    let mut results = Results::new(items.at_least().min(RESERVED));
    let mut running = Running::new();
    let mut all_started = false;
    let mut stream = Awaited::new(around);
    poll_fn(|cx| {
        let mut budget = BUDGET;
        loop {
            if budget == 0 {
                return yields(&stream.around, cx);
            }
            let mut waits = false;
            while !all_started {
                if running.len() >= limit {
                    items.as_mut().advance(cx)?;
                    break;
                }
                if budget == 0 {
                    return yields(&stream.around, cx);
                }
                budget -= 1;
                let next = items.as_mut().poll_next(cx);
                if const { S::IS_STREAM } {
                    stream.set(next.is_pending());
                }
                let item = match next {
                    Poll::Ready(Some(item)) => item?,
                    Poll::Ready(None) => {
                        all_started = true;
                        break;
                    }
                    Poll::Pending => {
                        waits = true;
                        break;
                    }
                };
                let index = results.begin();
                if let Some((index, result)) = running.start(index, || work(item), cx) {
                    results.set(index, keep(result?));
                }
            }
            match ready!(running.poll_next(cx)) {
                Some(Some((index, result))) => {
                    budget = budget.saturating_sub(1);
                    results.set(index, keep(result?));
                }
                None if all_started => return Poll::Ready(Ok(())),
                // Nothing runs, so the next item wakes this.
                None if waits => return Poll::Pending,
                Some(None) | None => {}
            }
        }
    })
    .await?;
    Ok(results.into_values())
}

/// Goes on in the next turn of the task.
#[cold]
pub(super) fn yields<T>(around: &impl Around, cx: &Context<'_>) -> Poll<T> {
    around.yield_soon();
    cx.waker().wake_by_ref();
    Poll::Pending
}

/// The results, in the order of the items. Those without a size, such as `()`, take no memory: they
/// are all alike, and kept in any order.
struct Results<V> {
    begun: usize,
    by_index: Vec<Option<V>>,
    alike: Vec<V>,
}

impl<V> Results<V> {
    const ALIKE: bool = size_of::<V>() == 0;

    fn new(reserved: usize) -> Self {
        Self {
            begun: 0,
            by_index: Vec::with_capacity(if Self::ALIKE { 0 } else { reserved }),
            alike: Vec::new(),
        }
    }

    /// The index of the next item.
    #[inline]
    fn begin(&mut self) -> usize {
        let index = self.begun;
        self.begun += 1;
        if !Self::ALIKE {
            self.by_index.push(None);
        }
        index
    }

    #[inline]
    fn set(&mut self, index: usize, value: Option<V>) {
        if Self::ALIKE {
            self.alike.extend(value);
        } else if let Some(result) = self.by_index.get_mut(index) {
            *result = value;
        }
    }

    fn into_values(self) -> Vec<V> {
        if Self::ALIKE {
            return self.alike;
        }
        let mut values = Vec::with_capacity(self.by_index.len());
        values.extend(self.by_index.into_iter().flatten());
        values
    }
}

/// The index and the result of a future; `None` if they were returned before.
type Finished<F> = Option<(usize, <F as Future>::Output)>;

/// The futures of the items that are under way.
pub(super) struct Running<F> {
    futures: FuturesUnordered<InFlight<F>>,
    spare: Vec<Pin<Box<Slot<F>>>>,
    /// The last one that was started has suspended.
    suspends: bool,
}

impl<F: Future> Running<F> {
    pub(super) fn new() -> Self {
        Self {
            futures: FuturesUnordered::new(),
            spare: Vec::new(),
            suspends: false,
        }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.futures.len()
    }

    /// Starts one, and returns its result if it completes at once.
    #[inline]
    pub(super) fn start(
        &mut self,
        index: usize,
        work: impl FnOnce() -> F,
        cx: &mut Context<'_>,
    ) -> Option<(usize, F::Output)> {
        if self.suspends {
            self.futures.push(InFlight::inline(index, work()));
            let Poll::Ready(done) = start_newest(&mut self.futures, index, cx) else {
                return None;
            };
            self.suspends = false;
            return Some(done);
        }
        let mut slot = self.spare.pop().unwrap_or_else(Slot::empty);
        slot.as_mut().fill(index, work());
        match slot.as_mut().poll(cx) {
            Poll::Ready(done) => {
                self.spare.push(slot);
                Some(done)
            }
            Poll::Pending => {
                self.suspends = true;
                self.futures.push(InFlight::Boxed(Some(slot)));
                None
            }
        }
    }

    /// One that completes; `None` if none is under way.
    #[inline]
    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Finished<F>>> {
        let next = ready!(Pin::new(&mut self.futures).poll_next(cx));
        Poll::Ready(next.map(|(slot, done)| {
            if let Some(slot) = slot {
                self.spare.push(slot);
            }
            done
        }))
    }
}

/// A slot for the future of one item. A boxed one is used again for another item.
///
/// It is reached by projection only: a shared reference to it, such as the `Deref` of `Pin` makes,
/// would cover a suspended future, which may hold references into itself.
#[pin_project]
struct Slot<F> {
    index: usize,
    #[pin]
    work: Option<F>,
}

impl<F: Future> Slot<F> {
    fn empty() -> Pin<Box<Self>> {
        Box::pin(Self {
            index: 0,
            work: None,
        })
    }

    fn fill(self: Pin<&mut Self>, index: usize, work: F) {
        let mut this = self.project();
        *this.index = index;
        this.work.set(Some(work));
    }
}

/// Polled only while it is filled.
impl<F: Future> Future for Slot<F> {
    type Output = (usize, F::Output);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        match this.work.as_mut().as_pin_mut() {
            Some(work) => {
                let output = ready!(work.poll(cx));
                this.work.set(None);
                Poll::Ready((*this.index, output))
            }
            None => Poll::Pending,
        }
    }
}

/// The slot of an item that runs concurrently with others.
#[pin_project(project = InFlightProjection)]
enum InFlight<F> {
    /// The future was expected to complete at once, but suspended.
    Boxed(Option<Pin<Box<Slot<F>>>>),
    /// The future was expected to suspend.
    Inline(#[pin] Slot<F>),
}

impl<F> InFlight<F> {
    fn inline(index: usize, work: F) -> Self {
        Self::Inline(Slot {
            index,
            work: Some(work),
        })
    }
}

/// Completes with the box, which is free for another item, and with the result, unless
/// [`start_newest`] has returned it already.
impl<F: Future> Future for InFlight<F> {
    type Output = (Option<Pin<Box<Slot<F>>>>, Option<(usize, F::Output)>);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            InFlightProjection::Inline(slot) => {
                let this = slot.project();
                // What has completed is dropped right after this.
                let done = match this.work.as_pin_mut() {
                    Some(work) => Some((*this.index, ready!(work.poll(cx)))),
                    None => None,
                };
                Poll::Ready((None, done))
            }
            InFlightProjection::Boxed(slot) => {
                let done = match slot {
                    Some(slot) => Some(ready!(slot.as_mut().poll(cx))),
                    None => None,
                };
                Poll::Ready((slot.take(), done))
            }
        }
    }
}

/// Polls the future that was pushed last, which [`FuturesUnordered`] would do only after all that
/// have been woken.
fn start_newest<F: Future>(
    running: &mut FuturesUnordered<InFlight<F>>,
    index: usize,
    cx: &mut Context<'_>,
) -> Poll<(usize, F::Output)> {
    let newest = Pin::new(running).iter_pin_mut().next();
    if let Some(InFlightProjection::Inline(mut slot)) = newest.map(InFlight::project)
        && *slot.as_mut().project().index == index
    {
        return slot.poll(cx);
    }
    // The order of the iterator is not guaranteed. `poll_next` starts the future in that case.
    Poll::Pending
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use crate::macro_support::around::Around;
    use crate::macro_support::graph::Halt;
    use crate::macro_support::iterate::Iterable;

    struct Alone;

    impl Around for Alone {
        fn yield_soon(&self) {}
        fn stream_waits(&self) {}
        fn stream_goes_on(&self) {}
    }

    /// Over a collection.
    fn each<T: Iterable, F: Future<Output = Result<V, Halt>>, V>(
        items: T,
        limit: usize,
        work: impl Fn(T::Item) -> F + Send,
    ) -> impl Future<Output = Result<Vec<V>, Halt>> {
        super::each(Alone, items.iterate(), limit, work)
    }

    #[tokio::test(start_paused = true)]
    async fn results_are_in_the_order_of_the_items_and_no_more_than_the_limit_run() {
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let doubled = each(0..50_u64, 4, async |n| {
            most.fetch_max(now.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
            tokio::time::sleep(std::time::Duration::from_millis(100 - 2 * n)).await;
            now.fetch_sub(1, Ordering::Relaxed);
            Ok::<_, Halt>(n * 2)
        })
        .await;
        assert_eq!(doubled.unwrap(), (0..50).map(|n| n * 2).collect::<Vec<_>>());
        assert_eq!(most.into_inner(), 4);
    }

    #[tokio::test]
    async fn memory_is_reserved_for_what_comes_and_not_for_what_a_size_hint_promises() {
        let result = each(0..100_000_000_000_u64, 2, async |n| {
            if n == 3 { Err(Halt) } else { Ok([n; 32]) }
        })
        .await;
        assert!(result.is_err());
    }

    #[tokio::test]
    async fn nothing_is_lost_where_some_suspend_and_some_do_not() {
        // All ways in which four in a row may behave, many times over.
        let suspends = |n: u32| (n / 4) >> (n % 4) & 1 == 1;
        for limit in [1, 2, 3, 64, usize::MAX] {
            let begun = AtomicUsize::new(0);
            let results = each(0..64_u32, limit, async |n| {
                begun.fetch_add(1, Ordering::Relaxed);
                if suspends(n) {
                    tokio::task::yield_now().await;
                }
                Ok::<_, Halt>(n)
            })
            .await;
            assert_eq!(results.unwrap(), (0..64).collect::<Vec<_>>());
            assert_eq!(begun.into_inner(), 64);
        }
    }

    #[tokio::test]
    async fn an_error_drops_what_runs_and_begins_no_more() {
        struct Dropped<'a>(&'a AtomicUsize);
        impl Drop for Dropped<'_> {
            fn drop(&mut self) {
                self.0.fetch_add(1, Ordering::Relaxed);
            }
        }
        let (begun, dropped) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let result = each(0..10, 2, async |n| {
            begun.fetch_add(1, Ordering::Relaxed);
            let _dropped = Dropped(&dropped);
            if n == 3 {
                return Err(Halt);
            }
            tokio::task::yield_now().await;
            Ok(())
        })
        .await;
        assert!(result.is_err());
        let begun = begun.into_inner();
        assert!(begun <= 5, "{begun}");
        assert_eq!(dropped.into_inner(), begun);
    }
}
