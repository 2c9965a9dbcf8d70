//! What an `each` tells its execution: that it yields, and that it waits for a stream.

use std::fmt;
use std::marker::PhantomData;

use crate::macro_support::graph::{Graph, Worker};

/// The execution around an `each`.
pub trait Around {
    fn yield_soon(&self);

    /// A stream is waited for, which counts as a handler that runs in the clause.
    fn stream_waits(&self);

    /// The stream goes on, or was dropped.
    fn stream_goes_on(&self);
}

/// The execution of a flow `G`.
pub struct InClause<'a, G, W>(&'a W, PhantomData<fn() -> G>);

#[inline]
pub fn in_clause<G: Graph, W: Worker<G>>(worker: &W) -> InClause<'_, G, W> {
    InClause(worker, PhantomData)
}

impl<G: Graph, W: Worker<G>> Around for InClause<'_, G, W> {
    fn yield_soon(&self) {
        self.0.yield_soon();
    }

    #[inline]
    fn stream_waits(&self) {
        if const { G::DESC.stages_wait() } {
            self.0.branch_runs();
        }
    }

    #[inline]
    fn stream_goes_on(&self) {
        if const { G::DESC.stages_wait() } {
            self.0.branch_left();
        }
    }
}

impl<G, W> fmt::Debug for InClause<'_, G, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InClause").finish_non_exhaustive()
    }
}

/// Whether an `each` waits for its stream.
pub(super) struct Awaited<A: Around> {
    pub(super) around: A,
    waits: bool,
}

impl<A: Around> Awaited<A> {
    pub(super) fn new(around: A) -> Self {
        Self {
            around,
            waits: false,
        }
    }

    #[inline]
    pub(super) fn set(&mut self, waits: bool) {
        if waits == self.waits {
            return;
        }
        self.waits = waits;
        if waits {
            self.around.stream_waits();
        } else {
            self.around.stream_goes_on();
        }
    }
}

impl<A: Around> Drop for Awaited<A> {
    fn drop(&mut self) {
        self.set(false);
    }
}
