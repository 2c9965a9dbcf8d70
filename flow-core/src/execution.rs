//! The runtime stream: an execution that is the stream of its items.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_core::stream::FusedStream;

use crate::engine::shared::{BUDGET, Read};
use crate::engine::{Driver, Ending, Engine};
use crate::error::FlowError;
use crate::graph::Graph;

/// An execution of a flow, as the stream of its items: what [`Flow::stream`](crate::Flow::stream)
/// returns.
///
/// It runs while it is polled, and is cancelled by being dropped. After its end it yields `None`
/// however often it is polled. `T` is the flow's item type.
#[must_use = "an execution does nothing unless it is polled"]
pub struct Execution<T> {
    driver: Pin<Box<dyn Drive<T> + Send>>,
    /// How many items it may yield before it lets other tasks run: a reader that never waits
    /// would keep its thread.
    budget: u32,
    ended: bool,
}

/// A driver whose types, those of one flow, are of no concern to the reader.
trait Drive<T> {
    fn drive(self: Pin<&mut Self>, cx: &Context<'_>) -> Poll<()>;
    fn read(&self) -> Read<T>;
    fn has_ready_handlers(&self) -> bool;
}

impl<G, W, F> Drive<G::Item> for Driver<G, W, F>
where
    G: Graph,
    W: Fn(Engine<G>) -> F,
    F: Future<Output = ()>,
{
    fn drive(self: Pin<&mut Self>, cx: &Context<'_>) -> Poll<()> {
        self.poll(cx)
    }

    fn read(&self) -> Read<G::Item> {
        self.shared().read()
    }

    fn has_ready_handlers(&self) -> bool {
        self.shared().wakes.any_ready()
    }
}

impl<T> Execution<T> {
    pub(crate) fn new<G, W, F>(driver: Driver<G, W, F>) -> Self
    where
        T: Send + 'static,
        G: Graph<Item = T>,
        W: Fn(Engine<G>) -> F + Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        Self {
            driver: Box::pin(driver),
            budget: BUDGET,
            ended: false,
        }
    }
}

impl<T> Stream for Execution<T> {
    type Item = Result<T, FlowError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        if self.budget == 0 {
            self.budget = BUDGET;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        // Handlers that can go on do, also while the reader still has items to take: a slow reader
        // holds up those who put, not those who wait for a timer or a socket.
        if self.driver.has_ready_handlers() {
            let _ended = self.driver.as_mut().drive(cx);
        }
        let mut drove = false;
        loop {
            match self.driver.read() {
                Read::Item(item) => {
                    self.budget -= 1;
                    return Poll::Ready(Some(Ok(item)));
                }
                Read::End(ending) => {
                    self.ended = true;
                    return Poll::Ready(match ending {
                        Ending::Done => None,
                        Ending::Failed(error) => Some(Err(error)),
                    });
                }
                Read::Nothing if drove => {
                    self.budget = BUDGET;
                    return Poll::Pending;
                }
                Read::Nothing => {
                    let _ended = self.driver.as_mut().drive(cx);
                    drove = true;
                }
            }
        }
    }
}

impl<T> FusedStream for Execution<T> {
    fn is_terminated(&self) -> bool {
        self.ended
    }
}

impl<T> fmt::Debug for Execution<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Execution")
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}
