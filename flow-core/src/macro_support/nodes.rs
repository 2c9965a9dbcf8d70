//! Clauses of one handler each, `when E -> handler`, packed in eights.
//!
//! An arm of `async` code for each would cost rustc almost a millisecond a clause. A flow with many of
//! them has them in [`Node`]s of eight, which share an arm.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project::pin_project;

use crate::error::BoxError;
use crate::failed::WithoutCause;
use crate::graph::{HandlerDesc, Location};
use crate::handler::Cx;
use crate::handler::router::Router;
use crate::handler::{Handler, NoItems};
use crate::macro_support::call::run_single;
use crate::macro_support::dispatch::unexpected;
use crate::macro_support::graph::{Graph, Worker};

/// Fills the places of a node with fewer than eight handlers. Its payload is an `Infallible`, so it never
/// runs.
#[derive(Debug)]
pub enum Vacant {}

impl Handler for Vacant {
    type Item = NoItems;
    type Value = ();
    type Error = BoxError;
    type Itself = Self;
    type Cause = WithoutCause;

    const DESC: HandlerDesc = HandlerDesc::new("", "", Location::new("", 0, 0), &[], &[], false);

    async fn call<R: Router, I: Send + 'static>(
        _input: I,
        _cx: &Cx<R, Self>,
    ) -> Result<(), BoxError> {
        unexpected()
    }
}

macro_rules! node {
    ($($branch:ident $payload:ident $number:literal),*) => {
        /// Up to eight clauses, as one type of the flow. What it contains is not part of that type, so the
        /// types around it, and rustc's work on each of them, do not grow with it.
        #[allow(missing_docs, reason = "they are numbers")]
        pub trait Node: Send + Sync + 'static {
            /// The values that they run with, as a tuple.
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

        /// One of a node's clauses, and the value that it runs with.
        #[allow(missing_docs, missing_debug_implementations, reason = "they are numbers")]
        pub enum NodeActivation<N: Node> {
            $($branch(<N::Payloads as Payloads>::$payload),)*
        }

        impl<N: Node> NodeActivation<N> {
            /// The number of the clause in its node.
            #[inline]
            pub fn number(&self) -> usize {
                match self {
                    $(Self::$branch(_) => $number,)*
                }
            }

            /// Runs the clause.
            #[inline]
            pub fn run<G: Graph, W: Worker<G>>(
                self,
                worker: &W,
            ) -> impl Future<Output = ()> + Send {
                match self {
                    $(Self::$branch(payload) => Run::$branch(
                        run_single::<N::$branch, G, W, _>(worker, payload),
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
                reason = "the first poll follows the choice at the call, so the second choice is optimised away"
            )]
            fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
                match self.project() {
                    $(Running::$branch(future) => future.poll(cx),)*
                }
            }
        }
    };
}

// With more than eight, rustc takes longer, and the code is slower.
node!(B0 P0 0, B1 P1 1, B2 P2 2, B3 P3 3, B4 P4 4, B5 P5 5, B6 P6 6, B7 P7 7);
