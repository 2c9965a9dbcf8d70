//! `each`: the same route for each element of a collection.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::stream::{FuturesUnordered, Stream};
use pin_project::pin_project;

use crate::macro_support::BUDGET;
use crate::macro_support::graph::Halt;

/// What `each` goes through.
#[diagnostic::on_unimplemented(
    message = "`each` goes through what there is to iterate over, and what arrives here is `{Self}`",
    label = "`{Self}` cannot be iterated over"
)]
pub trait Iterable: Send {
    /// One of them.
    type Item: Send;
    /// All of them.
    type Iter: Iterator<Item = Self::Item> + Send;

    /// Begins.
    fn iterate(self) -> Self::Iter;
}

#[diagnostic::do_not_recommend]
impl<T> Iterable for T
where
    T: IntoIterator<Item: Send, IntoIter: Send> + Send,
{
    type Item = T::Item;
    type Iter = T::IntoIter;

    fn iterate(self) -> T::IntoIter {
        self.into_iter()
    }
}

/// Runs `work` on each item, at most `limit` at a time. The results are in the order of the items,
/// whichever was ready first.
///
/// A future that is ready at once costs no allocation, and one that suspends one: each is begun where
/// it has to be if it does what the last one did.
///
/// # Errors
///
/// The first error, and all that runs is dropped then.
pub async fn each<T, F, V>(
    items: T,
    limit: usize,
    work: impl Fn(T::Item) -> F + Send,
) -> Result<Vec<V>, Halt>
where
    T: Iterable,
    F: Future<Output = Result<V, Halt>> + Send,
    V: Send,
{
    let mut items = items.iterate();
    let mut results = Vec::with_capacity(items.size_hint().0);
    let mut running = FuturesUnordered::new();
    let mut spare: Vec<Pin<Box<Place<F>>>> = Vec::new();
    let (mut all_begun, mut suspends) = (false, false);
    poll_fn(|cx| {
        let mut budget = BUDGET;
        loop {
            while !all_begun && running.len() < limit {
                if budget == 0 {
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                budget -= 1;
                let Some(item) = items.next() else {
                    all_begun = true;
                    break;
                };
                let (index, work) = (results.len(), work(item));
                results.push(None);
                if suspends {
                    running.push(Running::here(index, work));
                    if let Poll::Ready((index, result)) = begin_newest(&mut running, index, cx) {
                        suspends = false;
                        set(&mut results, index, result?);
                    }
                    continue;
                }
                let mut place = spare.pop().unwrap_or_else(Place::new);
                place.as_mut().begin(index, work);
                match place.as_mut().poll(cx) {
                    Poll::Ready((index, result)) => {
                        set(&mut results, index, result?);
                        spare.push(place);
                    }
                    Poll::Pending => {
                        suspends = true;
                        running.push(Running::Apart(Some(place)));
                    }
                }
            }
            match ready!(Pin::new(&mut running).poll_next(cx)) {
                Some((place, done)) => {
                    if let Some((index, result)) = done {
                        set(&mut results, index, result?);
                    }
                    spare.extend(place);
                }
                None if all_begun => return Poll::Ready(Ok(())),
                None => {}
            }
        }
    })
    .await?;
    let mut values = Vec::with_capacity(results.len());
    values.extend(results.into_iter().flatten());
    Ok(values)
}

fn set<V>(results: &mut [Option<V>], index: usize, value: V) {
    if let Some(result) = results.get_mut(index) {
        *result = Some(value);
    }
}

/// Where one item is worked on, and when it is done perhaps another.
#[pin_project]
struct Place<F> {
    index: usize,
    #[pin]
    work: Option<F>,
}

impl<F: Future> Place<F> {
    fn new() -> Pin<Box<Self>> {
        Box::pin(Self {
            index: 0,
            work: None,
        })
    }

    fn begin(self: Pin<&mut Self>, index: usize, work: F) {
        let mut this = self.project();
        *this.index = index;
        this.work.set(Some(work));
    }
}

/// Polled only while there is work in it.
impl<F: Future> Future for Place<F> {
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

/// An item that is worked on beside the others.
#[pin_project(project = RunningNow)]
enum Running<F> {
    /// It was not expected to suspend, and did.
    Apart(Option<Pin<Box<Place<F>>>>),
    /// It was.
    Here(#[pin] Place<F>),
}

impl<F> Running<F> {
    fn here(index: usize, work: F) -> Self {
        Self::Here(Place {
            index,
            work: Some(work),
        })
    }
}

/// What came of an item, if it was not done as soon as it was begun; and its place, free for another.
impl<F: Future> Future for Running<F> {
    type Output = (Option<Pin<Box<Place<F>>>>, Option<(usize, F::Output)>);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            RunningNow::Here(place) if place.work.is_none() => Poll::Ready((None, None)),
            RunningNow::Here(place) => {
                let done = ready!(place.poll(cx));
                Poll::Ready((None, Some(done)))
            }
            RunningNow::Apart(place) => {
                let done = match place {
                    Some(place) => Some(ready!(place.as_mut().poll(cx))),
                    None => None,
                };
                Poll::Ready((place.take(), done))
            }
        }
    }
}

/// Begins the one that was pushed last, so that it is not taken for one that something has woken.
fn begin_newest<F: Future>(
    running: &mut FuturesUnordered<Running<F>>,
    index: usize,
    cx: &mut Context<'_>,
) -> Poll<(usize, F::Output)> {
    match Pin::new(running)
        .iter_pin_mut()
        .next()
        .map(Running::project)
    {
        Some(RunningNow::Here(place)) if place.index == index => place.poll(cx),
        // It is not promised to be the first; then it is begun with the others.
        _ => Poll::Pending,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::each;
    use crate::macro_support::graph::Halt;

    #[tokio::test(start_paused = true)]
    async fn results_are_in_the_order_of_the_items_and_no_more_than_the_limit_run() {
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let doubled = each(0..50_u64, 4, async |n| {
            most.fetch_max(now.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
            tokio::time::sleep(std::time::Duration::from_millis(100 - 2 * n)).await;
            now.fetch_sub(1, Ordering::Relaxed);
            Ok(n * 2)
        })
        .await;
        assert_eq!(doubled.unwrap(), (0..50).map(|n| n * 2).collect::<Vec<_>>());
        assert_eq!(most.into_inner(), 4);
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
                Ok(n)
            })
            .await;
            assert_eq!(results.unwrap(), (0..64).collect::<Vec<_>>());
            assert_eq!(begun.into_inner(), 64);
        }
    }

    #[tokio::test]
    async fn an_error_drops_what_runs_and_begins_no_more() {
        let begun = AtomicUsize::new(0);
        let result = each(0..10, 2, async |n| {
            begun.fetch_add(1, Ordering::Relaxed);
            if n == 3 {
                return Err(Halt);
            }
            tokio::task::yield_now().await;
            Ok(())
        })
        .await;
        assert!(result.is_err());
        assert!(begun.into_inner() <= 5);
    }
}
