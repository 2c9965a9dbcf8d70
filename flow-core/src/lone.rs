//! Clauses of one handler each, `when E -> handler`: what is done for all of them is written here, and
//! rustc is through with it once. A flow with many has them in [`Node`]s of eight: an arm of `async`
//! code for each would cost rustc the better part of a millisecond a clause.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project::pin_project;

use crate::cx::Cx;
use crate::desc::Place;
use crate::error::BoxError;
use crate::graph::{Graph, Worker};
use crate::handler::{Handler, HandlerDesc, HandlerError, NoItems, unexpected};
use crate::rescue::NoCause;
use crate::router::Router;

/// In a node's place for a handler where it has fewer than eight. It is to be run with an `Infallible`,
/// so it never is.
#[derive(Debug)]
pub enum Nobody {}

impl Handler for Nobody {
    type Item = NoItems;
    type Value = ();
    type Error = BoxError;
    type Itself = Self;
    type Cause = NoCause;

    const DESC: HandlerDesc = HandlerDesc::new("", "", Place::new("", 0, 0), &[], &[], false);

    async fn call<R: Router, I: Send + 'static>(
        _input: I,
        _cx: &Cx<R, Self>,
    ) -> Result<(), BoxError> {
        unexpected()
    }
}

macro_rules! node {
    ($($branch:ident $payload:ident $number:literal),*) => {
        /// Up to eight clauses. It is a type of the flow's own, and what is in it not a part of that:
        /// the types of the whole would grow with it, and what rustc does with each of them.
        #[allow(missing_docs, reason = "they are numbers")]
        pub trait Node: Send + Sync + 'static {
            /// What they are run with, as a tuple.
            type Payloads: Payloads;
            $(type $branch: Handler;)*
        }

        /// See [`Node::Payloads`].
        #[allow(missing_docs, reason = "they are numbers")]
        pub trait Payloads {
            $(type $payload: Send + 'static;)*
        }

        impl<$($payload: Send + 'static),*> Payloads for ($($payload,)*) {
            $(type $payload = $payload;)*
        }

        /// One of a node's clauses, and what it is to be run with.
        #[allow(missing_docs, missing_debug_implementations, reason = "they are numbers")]
        pub enum OneOf<N: Node> {
            $($branch(<N::Payloads as Payloads>::$payload),)*
        }

        impl<N: Node> OneOf<N> {
            /// Which of them.
            #[inline]
            pub fn number(&self) -> usize {
                match self {
                    $(Self::$branch(_) => $number,)*
                }
            }

            /// Runs it.
            #[inline]
            pub fn run<G: Graph, W: Worker<G>>(
                self,
                worker: &W,
            ) -> impl Future<Output = ()> + Send {
                match self {
                    $(Self::$branch(payload) => Run::$branch(
                        N::$branch::only::<G, W, _>(worker, payload),
                    ),)*
                }
            }
        }

        /// A run of one of a node's clauses.
        #[pin_project(project = Running)]
        enum Run<$($branch),*> {
            $($branch(#[pin] $branch),)*
        }

        impl<$($branch: Future<Output = ()>),*> Future for Run<$($branch),*> {
            type Output = ();

            #[inline(always)]
            #[allow(
                clippy::inline_always,
                reason = "where it is called, the first poll follows on the choice, and the second choice goes away"
            )]
            fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
                match self.project() {
                    $(Running::$branch(future) => future.poll(cx),)*
                }
            }
        }
    };
}

// More of them would be more for rustc, and slower.
node!(B0 P0 0, B1 P1 1, B2 P2 2, B3 P3 3, B4 P4 4, B5 P5 5, B6 P6 6, B7 P7 7);

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
