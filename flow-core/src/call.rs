//! A handler's call as a stage of a clause, where it is more than an `await`.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project::pin_project;

use crate::graph::{Graph, Worker};

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
