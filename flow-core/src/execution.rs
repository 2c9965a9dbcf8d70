//! The runtime stream: an execution that is the stream of its items.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_core::stream::FusedStream;
use pin_project::pin_project;

use crate::engine::{BUDGET, Batch, Driver, Ending, Read, Work};
use crate::error::FlowError;
use crate::graph::Graph;

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
pub struct Execution<T> {
    driver: Pin<Box<dyn Drive<T> + Send>>,
}

/// A driver whose types, those of one flow, are of no concern to the reader.
trait Drive<T> {
    fn poll_item(self: Pin<&mut Self>, cx: &Context<'_>) -> Poll<Option<Result<T, FlowError>>>;
    fn has_ended(&self) -> bool;
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
}

impl<G: Graph, W: Work<G>> Drive<G::Item> for Reading<Driver<G, W>, G::Item> {
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
                    Ending::Failed(error) => Some(Err(error)),
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
}

impl<T> Execution<T> {
    pub(crate) fn new<G: Graph<Item = T>>(driver: Driver<G, impl Work<G>>) -> Self
    where
        T: Send + 'static,
    {
        Self {
            driver: Box::pin(Reading {
                driver,
                batch: Batch::default(),
                budget: BUDGET,
                ended: false,
            }),
        }
    }
}

impl<T> Stream for Execution<T> {
    type Item = Result<T, FlowError>;

    #[inline]
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.driver.as_mut().poll_item(cx)
    }
}

impl<T> FusedStream for Execution<T> {
    fn is_terminated(&self) -> bool {
        self.driver.has_ended()
    }
}

impl<T> fmt::Debug for Execution<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Execution")
            .field("ended", &self.driver.has_ended())
            .finish_non_exhaustive()
    }
}
