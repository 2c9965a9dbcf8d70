//! An engine that the slots of its own driver borrow.
//!
//! The generated loops and the engine that they work with are parts of one [`Driver`], and each
//! loop borrows the engine. So the driver borrows from itself, which the borrow checker cannot
//! express. The safe alternative, a reference count for each loop, costs two atomic operations for
//! each execution and each loop: 12 of the 60 ns of an execution that does nothing.
//!
//! [`Driver`]: crate::engine::driver::Driver
#![allow(unsafe_code, reason = "a fifth of the time of a short execution")]

use std::future::Future;
use std::marker::PhantomPinned;
use std::pin::Pin;

use crate::engine::router::Engine;
use crate::macro_support::graph::Graph;

/// An engine that does not move once it is pinned.
pub(crate) struct PinnedEngine<G: Graph> {
    engine: Engine<G>,
    /// Not `Unpin`, so that a `&mut` to the struct around it does not claim unique access to it.
    _pinned: PhantomPinned,
}

impl<G: Graph> PinnedEngine<G> {
    pub(crate) fn new(engine: Engine<G>) -> Self {
        Self {
            engine,
            _pinned: PhantomPinned,
        }
    }

    pub(crate) fn engine(&self) -> &Engine<G> {
        &self.engine
    }

    /// Borrows the engine for longer than the borrow checker can see.
    ///
    /// # Safety
    ///
    /// Nothing that holds the reference may be used, not even dropped, after this `PinnedEngine`
    /// has been dropped.
    pub(crate) unsafe fn extend_lifetime(self: Pin<&Self>) -> &'static Engine<G> {
        // SAFETY: until it is dropped, the engine is not moved, because it is pinned and not
        // `Unpin`, and not changed, because only this type gives access to it, by shared
        // references. After that, the caller keeps the promise.
        unsafe { &*std::ptr::from_ref(&self.get_ref().engine) }
    }
}

/// The loop of a graph, [`Graph::work`], as a type that can be named. It is generic over the
/// lifetime of the engine where it is written, so it cannot keep the reference for longer than it
/// lives itself.
pub(crate) trait Work<G: Graph>: Send + 'static {
    type Loop: Future<Output = ()> + Send + 'static;

    fn begin(&self, engine: &'static Engine<G>) -> Self::Loop;
}

impl<G, F, L> Work<G> for F
where
    G: Graph,
    F: Fn(&'static Engine<G>) -> L + Send + 'static,
    L: Future<Output = ()> + Send + 'static,
{
    type Loop = L;

    fn begin(&self, engine: &'static Engine<G>) -> L {
        self(engine)
    }
}
