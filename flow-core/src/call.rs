//! A handler's call as a stage of a clause, where it is more than an `await`.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project::pin_project;

use crate::graph::{Graph, Halt, Worker};
use crate::handler::HandlerError;

/// A call in a branch of the flow `G`: other branches run in between, so that it says at each turn who
/// runs.
#[pin_project]
pub struct Beside<'a, G: Graph, W: Worker<G>, F> {
    worker: &'a W,
    handler: u32,
    /// Nothing, until it begins.
    kept: Option<W::Beside>,
    #[pin]
    future: F,
    graph: PhantomData<fn() -> G>,
}

/// See `Beside`.
#[inline]
pub fn beside<G: Graph, W: Worker<G>, F>(
    worker: &W,
    handler: u32,
    future: F,
) -> Beside<'_, G, W, F> {
    Beside {
        worker,
        handler,
        kept: None,
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
        let (worker, handler) = (*this.worker, *this.handler as usize);
        let kept = this
            .kept
            .get_or_insert_with(|| worker.begin_beside(handler));
        worker.turn_beside(handler, kept);
        let polled = this.future.poll(cx);
        match &polled {
            Poll::Pending => worker.leave_beside(kept),
            Poll::Ready(Ok(_)) => worker.finish_beside(),
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

/// The only call of a branch: its error, which nobody rescues, ends the execution.
#[pin_project]
pub struct OnlyBeside<'a, G: Graph, W: Worker<G>, F>(#[pin] Beside<'a, G, W, F>);

/// See `OnlyBeside`.
#[inline]
pub fn only_beside<G: Graph, W: Worker<G>, F>(
    worker: &W,
    handler: u32,
    future: F,
) -> OnlyBeside<'_, G, W, F> {
    OnlyBeside(beside(worker, handler, future))
}

impl<G, W, F, V, E> Future for OnlyBeside<'_, G, W, F>
where
    G: Graph,
    W: Worker<G>,
    F: Future<Output = Result<V, E>>,
    E: HandlerError,
{
    type Output = Result<V, Halt>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<V, Halt>> {
        let call = self.project().0;
        let worker = call.worker;
        Poll::Ready(ready!(call.poll(cx)).map_err(|error| {
            worker.fail(error.boxed());
            Halt
        }))
    }
}

impl<G: Graph, W: Worker<G>, F> fmt::Debug for OnlyBeside<'_, G, W, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OnlyBeside").finish_non_exhaustive()
    }
}
