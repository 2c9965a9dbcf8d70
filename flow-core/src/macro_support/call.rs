//! Calls of handlers. A clause reaches a user's function only through this file.
//!
//! [`call`] is a stage of a route, and [`run_single`] a whole clause of one handler. In a branch,
//! other branches run in between, so [`BranchCall`] tells the worker which handler runs at each
//! poll.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project::{pin_project, pinned_drop};

use crate::error::HandlerError;
use crate::handler::Cx;
use crate::handler::Handler;
use crate::handler::router::Router;
use crate::macro_support::graph::{Graph, Halt, Worker};
use crate::macro_support::limits::in_turn_of_execution;

/// Calls the handler.
#[cfg(not(feature = "testing"))]
#[inline]
pub fn call<H: Handler, R: Router, I: Send + 'static>(
    input: I,
    cx: &Cx<R, H>,
) -> impl Future<Output = Result<H::Value, H::Error>> + Send {
    H::call(input, cx)
}

/// Calls the handler, or the replacement that a test has given.
#[cfg(feature = "testing")]
#[inline]
pub fn call<H: Handler, R: Router, I: Send + 'static>(
    input: I,
    cx: &Cx<R, H>,
) -> impl Future<Output = Result<H::Value, H::Error>> + Send {
    crate::macro_support::substitute::call(input, cx)
}

/// Calls the handler in a flow whose execution may limit how many attempts run at the same time.
#[inline]
pub fn call_in_turn<H: Handler, R: Router, I: Send + 'static>(
    input: I,
    cx: &Cx<R, H>,
) -> impl Future<Output = Result<H::Value, H::Error>> + Send {
    in_turn_of_execution(&H::DESC, cx.router(), call(input, cx))
}

/// Runs a clause of one handler without a rescue: an error fails the execution. As a function,
/// instead of generated code in each clause, it is checked once by rustc.
#[inline]
pub fn run_single<H: Handler, G: Graph, W: Worker<G>, I: Send + 'static>(
    worker: &W,
    input: I,
) -> impl Future<Output = ()> + Send {
    // Without `testing`, `call` would do the same, with one more opaque type for rustc.
    #[cfg(not(feature = "testing"))]
    let future = H::call(input, Cx::<W, H>::of(worker));
    #[cfg(feature = "testing")]
    let future = call(input, Cx::<W, H>::of(worker));
    SingleCall::<G, W, _> {
        worker,
        future,
        graph: PhantomData,
    }
}

/// As [`run_single`], with [`call_in_turn`].
#[inline]
pub fn run_single_in_turn<H: Handler, G: Graph, W: Worker<G>, I: Send + 'static>(
    worker: &W,
    input: I,
) -> impl Future<Output = ()> + Send {
    SingleCall::<G, W, _> {
        worker,
        future: call_in_turn(input, Cx::<W, H>::of(worker)),
        graph: PhantomData,
    }
}

/// The future of [`run_single`].
#[pin_project]
struct SingleCall<'a, G, W, F> {
    worker: &'a W,
    #[pin]
    future: F,
    graph: PhantomData<fn() -> G>,
}

impl<G, W, F, V, E> Future for SingleCall<'_, G, W, F>
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

/// As [`run_single`], where an `emit` follows: `emit` emits the value.
#[inline]
pub fn run_emitting<H: Handler, G: Graph, W: Worker<G>, I: Send + 'static>(
    worker: &W,
    input: I,
    emit: impl Fn(H::Value, &W) + Send,
) -> impl Future<Output = ()> + Send {
    EmittingCall::<G, W, _, _> {
        worker,
        future: call(input, Cx::<W, H>::of(worker)),
        emit,
        graph: PhantomData,
    }
}

/// As [`run_emitting`], with [`call_in_turn`].
#[inline]
pub fn run_emitting_in_turn<H: Handler, G: Graph, W: Worker<G>, I: Send + 'static>(
    worker: &W,
    input: I,
    emit: impl Fn(H::Value, &W) + Send,
) -> impl Future<Output = ()> + Send {
    EmittingCall::<G, W, _, _> {
        worker,
        future: call_in_turn(input, Cx::<W, H>::of(worker)),
        emit,
        graph: PhantomData,
    }
}

/// The future of [`run_emitting`].
#[pin_project]
struct EmittingCall<'a, G, W, F, E> {
    worker: &'a W,
    #[pin]
    future: F,
    emit: E,
    graph: PhantomData<fn() -> G>,
}

impl<G, W, F, V, X, E> Future for EmittingCall<'_, G, W, F, E>
where
    G: Graph,
    W: Worker<G>,
    F: Future<Output = Result<V, X>>,
    X: HandlerError,
    E: Fn(V, &W),
{
    type Output = ();

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.project();
        match ready!(this.future.poll(cx)) {
            Ok(value) => (this.emit)(value, this.worker),
            Err(error) => this.worker.fail(error.boxed()),
        }
        Poll::Ready(())
    }
}

/// A call in a branch, which tells the worker which handler runs at each poll.
#[pin_project(PinnedDrop)]
pub struct BranchCall<'a, G: Graph, W: Worker<G>, F> {
    worker: &'a W,
    handler: u32,
    /// `None` before the first poll.
    branch: Option<W::Branch>,
    #[pin]
    future: F,
    graph: PhantomData<fn() -> G>,
}

#[inline]
pub fn branch_call<G: Graph, W: Worker<G>, F>(
    worker: &W,
    handler: u32,
    future: F,
) -> BranchCall<'_, G, W, F> {
    BranchCall {
        worker,
        handler,
        branch: None,
        future,
        graph: PhantomData,
    }
}

impl<G, W, F, V, E> Future for BranchCall<'_, G, W, F>
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
        if this.branch.is_none() && worker.has_ended() {
            // It is dropped with the others.
            return Poll::Pending;
        }
        let branch = this.branch.get_or_insert_with(|| {
            if const { G::DESC.stages_wait() } {
                worker.branch_runs();
            }
            worker.branch_enter(handler)
        });
        worker.branch_resume(handler, branch);
        let polled = this.future.poll(cx);
        match &polled {
            Poll::Pending => worker.branch_suspend(branch),
            Poll::Ready(Ok(_)) => worker.branch_exit(),
            // The handler remains the current one until its error is handled.
            Poll::Ready(Err(_)) => {}
        }
        polled
    }
}

#[pinned_drop]
impl<G: Graph, W: Worker<G>, F> PinnedDrop for BranchCall<'_, G, W, F> {
    #[inline]
    fn drop(self: Pin<&mut Self>) {
        if const { G::DESC.stages_wait() } {
            let this = self.project();
            if this.branch.is_some() {
                this.worker.branch_left();
            }
        }
    }
}

impl<G: Graph, W: Worker<G>, F> fmt::Debug for BranchCall<'_, G, W, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BranchCall").finish_non_exhaustive()
    }
}

/// A branch of one handler without a rescue: an error fails the execution.
#[pin_project]
pub struct SingleBranchCall<'a, G: Graph, W: Worker<G>, F>(#[pin] BranchCall<'a, G, W, F>);

#[inline]
pub fn single_branch_call<G: Graph, W: Worker<G>, F>(
    worker: &W,
    handler: u32,
    future: F,
) -> SingleBranchCall<'_, G, W, F> {
    SingleBranchCall(branch_call(worker, handler, future))
}

impl<G, W, F, V, E> Future for SingleBranchCall<'_, G, W, F>
where
    G: Graph,
    W: Worker<G>,
    F: Future<Output = Result<V, E>>,
    E: HandlerError,
{
    type Output = Result<V, Halt>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<V, Halt>> {
        let mut call = self.project().0;
        // By projection: `call.worker` would take a shared reference around a suspended future.
        let worker = *call.as_mut().project().worker;
        Poll::Ready(ready!(call.poll(cx)).map_err(|error| {
            worker.fail(error.boxed());
            Halt
        }))
    }
}

impl<G: Graph, W: Worker<G>, F> fmt::Debug for SingleBranchCall<'_, G, W, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SingleBranchCall").finish_non_exhaustive()
    }
}
