//! A handler's call as a stage of a clause: what the code of a clause awaits.
//!
//! There is one future for each place that a call can have, so that the code of a clause, of which
//! a flow has a lot, stays small.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project::pin_project;

use crate::graph::{Graph, Halt, Worker};
use crate::handler::HandlerError;

/// A handler's call in the flow `G`. Its output is what the handler returns.
#[pin_project]
pub struct Call<'a, G, W, F> {
    worker: &'a W,
    /// The handler, if others run in between, so that it says at each turn who runs.
    between: Option<usize>,
    #[pin]
    future: F,
    graph: PhantomData<fn() -> G>,
}

impl<'a, G: Graph, W: Worker<G>, F> Call<'a, G, W, F> {
    #[inline]
    fn new(worker: &'a W, between: Option<usize>, future: F) -> Self {
        Self {
            worker,
            between,
            future,
            graph: PhantomData,
        }
    }
}

/// The call with which a clause begins; the worker has noted the handler by itself.
#[inline]
pub fn first<G: Graph, W: Worker<G>, F>(worker: &W, future: F) -> Call<'_, G, W, F> {
    Call::new(worker, None, future)
}

/// A call behind others.
#[inline]
pub fn then<G: Graph, W: Worker<G>, F>(worker: &W, handler: usize, future: F) -> Call<'_, G, W, F> {
    worker.at(handler);
    Call::new(worker, None, future)
}

/// A call in a branch.
#[inline]
pub fn beside<G: Graph, W: Worker<G>, F>(
    worker: &W,
    handler: usize,
    future: F,
) -> Call<'_, G, W, F> {
    Call::new(worker, Some(handler), future)
}

impl<G: Graph, W: Worker<G>, F: Future> Future for Call<'_, G, W, F> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        if let Some(handler) = *this.between {
            this.worker.at(handler);
        }
        this.future.poll(cx)
    }
}

/// A call whose error nobody rescues: it ends the execution, and the clause is left.
#[pin_project]
pub struct OrFail<'a, G, W, F> {
    #[pin]
    call: Call<'a, G, W, F>,
}

/// See [`OrFail`].
#[inline]
pub fn or_fail<G, W, F>(call: Call<'_, G, W, F>) -> OrFail<'_, G, W, F> {
    OrFail { call }
}

impl<G, W, F, V, E> Future for OrFail<'_, G, W, F>
where
    G: Graph,
    W: Worker<G>,
    F: Future<Output = Result<V, E>>,
    E: HandlerError,
{
    type Output = Result<V, Halt>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut call = self.project().call;
        Poll::Ready(match ready!(call.as_mut().poll(cx)) {
            Ok(value) => Ok(value),
            Err(error) => {
                call.worker.fail(error.boxed());
                Err(Halt)
            }
        })
    }
}

/// The only call of its clause, behind which there is nothing.
#[pin_project]
pub struct Only<'a, G, W, F> {
    #[pin]
    call: OrFail<'a, G, W, F>,
}

/// See [`Only`].
#[inline]
pub fn only<G: Graph, W: Worker<G>, F>(worker: &W, future: F) -> Only<'_, G, W, F> {
    Only {
        call: or_fail(first(worker, future)),
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
        self.project().call.poll(cx).map(drop)
    }
}

macro_rules! opaque {
    ($($future:ident),*) => {$(
        impl<G, W, F> fmt::Debug for $future<'_, G, W, F> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($future)).finish_non_exhaustive()
            }
        }
    )*};
}
opaque!(Call, OrFail, Only);
