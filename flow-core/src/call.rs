//! A handler's call as a stage of a clause, where it is more than an `await`.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project::pin_project;

use crate::graph::{Graph, Worker};
use crate::handler::HandlerError;

/// The only call of a clause, behind which there is nothing: its error, which nobody rescues, ends the
/// execution.
#[pin_project]
pub(crate) struct Only<'a, G, W, F> {
    worker: &'a W,
    #[pin]
    future: F,
    graph: PhantomData<fn() -> G>,
}

#[inline]
pub(crate) fn only<G: Graph, W: Worker<G>, F>(worker: &W, future: F) -> Only<'_, G, W, F> {
    Only {
        worker,
        future,
        graph: PhantomData,
    }
}

impl<G, W, F, V, E> Future for Only<'_, G, W, F>
where
    G: Graph,
    W: Worker<G>,
    F: Future<Output = Result<V, E>>,
    E: HandlerError,
{
    type Output = ();

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.project();
        if let Err(error) = ready!(this.future.poll(cx)) {
            this.worker.fail(error.boxed());
        }
        Poll::Ready(())
    }
}

/// A call in a branch of the flow `G`: other branches run in between, so that it says at each turn who
/// runs.
#[pin_project]
pub struct Beside<'a, G: Graph, W: Worker<G>, F> {
    worker: &'a W,
    handler: usize,
    #[pin]
    future: F,
    kept: W::Beside,
    graph: PhantomData<fn() -> G>,
}

/// See `Beside`.
#[inline]
pub fn beside<G: Graph, W: Worker<G>, F>(
    worker: &W,
    handler: usize,
    future: F,
) -> Beside<'_, G, W, F> {
    Beside {
        kept: worker.begin_beside(handler),
        worker,
        handler,
        future,
        graph: PhantomData,
    }
}

impl<G, W, F, V, E> Future for Beside<'_, G, W, F>
where
    G: Graph,
    W: Worker<G>,
    F: Future<Output = Result<V, E>>,
{
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        this.worker.turn_beside(*this.handler, this.kept);
        let polled = this.future.poll(cx);
        match &polled {
            Poll::Pending => this.worker.leave_beside(this.kept),
            Poll::Ready(Ok(_)) => this.worker.finish_beside(),
            // It is still its turn, for what is done about the error.
            Poll::Ready(Err(_)) => {}
        }
        polled
    }
}

impl<G: Graph, W: Worker<G>, F> fmt::Debug for Beside<'_, G, W, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Beside").finish_non_exhaustive()
    }
}
