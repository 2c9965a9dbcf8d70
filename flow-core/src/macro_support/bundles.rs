//! Clauses of one handler each, `when E -> handler`, in groups of eight.
//!
//! An arm of `async` code costs rustc almost a millisecond. A flow with many such clauses packs
//! eight of them into a [`Bundle`], which has one arm.

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
use crate::macro_support::call::{run_single, run_single_in_turn};
use crate::macro_support::dispatch::unexpected;
use crate::macro_support::graph::{Graph, Worker};

/// Fills a bundle with fewer than eight handlers. Its payload is an `Infallible`, so it never runs.
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

macro_rules! bundle {
    ($($branch:ident $payload:ident $number:literal),*) => {
        /// Up to eight clauses as one type of the flow. The handlers are associated types, not part
        /// of the name of this type, so the types around it, and rustc's work on them, stay small.
        pub trait Bundle: Send + Sync + 'static {
            /// The values that the clauses run with, as a tuple.
            type Payloads: Payloads;
            $(type $branch: Handler;)*
        }

        /// The elements of the tuple [`Bundle::Payloads`].
        pub trait Payloads {
            $(type $payload: Send + 'static;)*
        }

        impl<$($payload: Send + 'static),*> Payloads for ($($payload,)*) {
            $(type $payload = $payload;)*
        }

        /// One of a bundle's clauses, and the value that it runs with.
        #[allow(missing_debug_implementations, reason = "a payload need not be `Debug`")]
        pub enum BundleActivation<N: Bundle> {
            $($branch(<N::Payloads as Payloads>::$payload),)*
        }

        impl<N: Bundle> BundleActivation<N> {
            /// The index of the clause in its bundle.
            #[inline]
            pub fn number(&self) -> usize {
                match self {
                    $(Self::$branch(_) => $number,)*
                }
            }

            #[inline]
            pub fn run<G: Graph, W: Worker<G>>(
                self,
                worker: &W,
            ) -> impl Future<Output = ()> + Send {
                match self {
                    $(Self::$branch(payload) => BundleRun::$branch(
                        run_single::<N::$branch, G, W, _>(worker, payload),
                    ),)*
                }
            }

            /// The same in a flow whose execution may limit its handlers.
            #[inline]
            pub fn run_in_turn<G: Graph, W: Worker<G>>(
                self,
                worker: &W,
            ) -> impl Future<Output = ()> + Send {
                match self {
                    $(Self::$branch(payload) => BundleRun::$branch(
                        run_single_in_turn::<N::$branch, G, W, _>(worker, payload),
                    ),)*
                }
            }
        }

        /// The future of one of a bundle's clauses.
        #[pin_project(project = RunProjection)]
        enum BundleRun<$($branch),*> {
            $($branch(#[pin] $branch),)*
        }

        impl<$($branch: Future<Output = ()>),*> Future for BundleRun<$($branch),*> {
            type Output = ();

            #[inline(always)]
            #[allow(
                clippy::inline_always,
                reason = "the first poll follows the `match` at the call, so the `match` here is optimised away"
            )]
            fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
                match self.project() {
                    $(RunProjection::$branch(future) => future.poll(cx),)*
                }
            }
        }
    };
}

// With more than eight, the build takes longer, and the code is slower.
bundle!(B0 P0 0, B1 P1 1, B2 P2 2, B3 P3 3, B4 P4 4, B5 P5 5, B6 P6 6, B7 P7 7);
