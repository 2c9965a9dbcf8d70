//! The runtime stream: an execution that is the stream of its items.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_core::stream::FusedStream;
use pin_project::pin_project;

use crate::engine::{BUDGET, Batch, Driver, Ending, Read, Work};
use crate::error::FlowError;
use crate::graph::Graph;
use crate::readers::{Broadcast, Sharing};
use crate::watch::{Events, Lifecycle, Observer};

/// An execution of a flow, as the stream of its items: what [`Flow::stream`](crate::Flow::stream)
/// returns.
///
/// It runs while it is polled, and is cancelled by being dropped. After its end it yields `None`
/// however often it is polled. `T` is the flow's item type, and all of its type: it can be stored.
///
/// ```
/// use flow_core::{Cx, Execution, flow, handler};
///
/// struct Session {
///     replies: Execution<String>,
/// }
///
/// # #[handler]
/// # async fn reply(cx: &Cx) { cx.put("hello").await; }
/// let flow = flow! { start -> reply };
/// let session = Session { replies: flow.stream(()) };
/// # drop(session.replies);
/// ```
#[must_use = "an execution does nothing unless it is polled"]
pub struct Execution<T, O = ()> {
    driver: Pin<Box<dyn Drive<T, O> + Send>>,
}

/// A driver whose types, those of one flow, are of no concern to the reader.
trait Drive<T, O> {
    fn poll_item(self: Pin<&mut Self>, cx: &Context<'_>) -> Poll<Option<Result<T, FlowError>>>;
    fn has_ended(&self) -> bool;
    fn watched_by(&self, observer: Observer);
    fn take_output(self: Pin<&mut Self>) -> Result<O, FlowError>;
}

/// A driver, and what its reader remembers.
#[pin_project]
struct Reading<D, T> {
    #[pin]
    driver: D,
    batch: Batch<T>,
    /// How many items it may yield before it lets other tasks run: a reader that never waits
    /// would keep its thread.
    budget: u32,
    ended: bool,
    /// How it failed, if it did.
    error: Option<FlowError>,
}

impl<G: Graph, W: Work<G>> Drive<G::Item, G::Output> for Reading<Driver<G, W>, G::Item> {
    fn poll_item(
        self: Pin<&mut Self>,
        cx: &Context<'_>,
    ) -> Poll<Option<Result<G::Item, FlowError>>> {
        let this = self.project();
        if *this.budget == 0 {
            *this.budget = BUDGET;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        if *this.ended {
            return Poll::Ready(None);
        }
        match this.driver.poll_read(this.batch, cx) {
            Poll::Ready(Read::Item(item)) => {
                *this.budget -= 1;
                Poll::Ready(Some(Ok(item)))
            }
            Poll::Ready(Read::End(ending)) => {
                *this.ended = true;
                Poll::Ready(match ending {
                    Ending::Done => None,
                    Ending::Failed(error) => {
                        *this.error = Some(error.clone());
                        Some(Err(error))
                    }
                })
            }
            Poll::Pending => {
                *this.budget = BUDGET;
                Poll::Pending
            }
        }
    }

    fn has_ended(&self) -> bool {
        self.ended
    }

    fn watched_by(&self, observer: Observer) {
        if self.ended {
            observer(&Lifecycle::over(self.error.clone()));
        } else {
            self.driver.shared().watched_by(&observer);
        }
    }

    fn take_output(self: Pin<&mut Self>) -> Result<G::Output, FlowError> {
        let this = self.project();
        match this.error {
            Some(error) => Err(error.clone()),
            None => this.driver.take_output(),
        }
    }
}

impl<T, O> Execution<T, O> {
    /// Runs on to the end, dropping the items that come, and returns what a clause has led to `end`
    /// with; `()` for a flow without one. It may be called after the last item, too.
    ///
    /// # Errors
    ///
    /// If a handler returns an error or panics, or if a flow with an `end` runs out before it.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future cancels the execution, as dropping the stream does.
    ///
    /// ```
    /// # use flow_core::{Cx, flow, handler};
    /// use futures::TryStreamExt;
    ///
    /// #[handler]
    /// async fn measure(text: &'static str, cx: &Cx) -> usize {
    ///     cx.put(text).await;
    ///     text.len()
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), flow_core::FlowError> {
    /// let flow = flow! { start(&'static str) -> measure -> end };
    /// let mut execution = flow.stream("hello");
    /// assert_eq!(execution.try_next().await?.as_deref(), Some("hello"));
    /// assert_eq!(execution.output().await?, 5);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn output(mut self) -> Result<O, FlowError> {
        while !self.driver.has_ended() {
            if let Some(item) = poll_fn(|cx| self.driver.as_mut().poll_item(cx)).await {
                drop(item?);
            }
        }
        self.driver.as_mut().take_output()
    }

    /// What happens in the execution from now on, as it happens: all of it, if it was not polled yet.
    /// It is told while the execution is polled; see [`Lifecycle`](crate::watch::Lifecycle) for an
    /// example.
    pub fn events(&self) -> Events {
        let (events, fill) = Events::new();
        self.driver.watched_by(fill);
        events
    }

    /// Lets any number of readers follow it, each of which sees every item from where it joined; how
    /// far back one can join, and what becomes of a slow one, is what [`Sharing`] says.
    ///
    /// What it [ends with](Self::output) is not among what they see; who needs that as well
    /// [spawns](crate::Flow::spawn) it, and [shares that](crate::Spawned::share).
    ///
    /// ```
    /// # use flow_core::{Cx, Sharing, Slow, flow, handler};
    /// use futures::StreamExt;
    /// # #[handler]
    /// # async fn work(cx: &Cx) { cx.put("done").await; }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let readers = flow! { start -> work }.stream(()).share(Sharing::new(Slow::Waits));
    /// let (one, other) = (readers.subscribe(), readers.subscribe());
    /// assert_eq!(tokio::join!(one.count(), other.count()), (1, 1));
    /// # }
    /// ```
    pub fn share(self, sharing: Sharing) -> Broadcast<T>
    where
        T: Clone + Send + 'static,
        O: 'static,
    {
        Broadcast::new(self, sharing)
    }

    pub(crate) fn new<G: Graph<Item = T, Output = O>>(driver: Driver<G, impl Work<G>>) -> Self
    where
        T: Send + 'static,
        O: Send + 'static,
    {
        Self {
            driver: Box::pin(Reading {
                driver,
                batch: Batch::default(),
                budget: BUDGET,
                ended: false,
                error: None,
            }),
        }
    }
}

impl<T, O> Stream for Execution<T, O> {
    type Item = Result<T, FlowError>;

    #[inline]
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.driver.as_mut().poll_item(cx)
    }
}

impl<T, O> FusedStream for Execution<T, O> {
    fn is_terminated(&self) -> bool {
        self.driver.has_ended()
    }
}

impl<T, O> fmt::Debug for Execution<T, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Execution")
            .field("ended", &self.driver.has_ended())
            .finish_non_exhaustive()
    }
}
