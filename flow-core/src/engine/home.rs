//! Where the engine of an execution lives while its handlers borrow it.
//!
//! The handlers' loops and the engine that they work with are parts of one [`Driver`], and each loop
//! borrows the engine: a struct that borrows from itself, which needs a promise. The way around it,
//! a reference count for each loop, costs two atomic operations an execution and a loop (12 of the
//! 60 ns of an execution that does nothing).
//!
//! [`Driver`]: crate::engine::Driver
#![allow(unsafe_code, reason = "a fifth of the time of a short execution")]

use std::future::Future;
use std::marker::PhantomPinned;
use std::pin::Pin;

use crate::engine::Engine;
use crate::graph::Graph;

/// An engine that stays where it is once it was lent.
pub(crate) struct Home<G: Graph> {
    engine: Engine<G>,
    /// Not `Unpin`: so a `&mut` to what holds this does not claim to be the only way to the engine.
    _stays: PhantomPinned,
}

impl<G: Graph> Home<G> {
    pub(crate) fn new(engine: Engine<G>) -> Self {
        Self {
            engine,
            _stays: PhantomPinned,
        }
    }

    pub(crate) fn engine(&self) -> &Engine<G> {
        &self.engine
    }

    /// Lends the engine for longer than the borrow checker can see.
    ///
    /// # Safety
    ///
    /// Nothing that holds the reference may be used, not even to be dropped, once this `Home` has
    /// been dropped.
    pub(crate) unsafe fn lend(self: Pin<&Self>) -> &'static Engine<G> {
        // SAFETY: the engine is neither moved (it is pinned, and not `Unpin`) nor changed (this is
        // all that gives access to it) before it is dropped, and the caller promises the rest.
        unsafe { &*std::ptr::from_ref(&self.get_ref().engine) }
    }
}

/// The loop of a graph, [`Graph::work`], as a type that can be named. Written for any lifetime of
/// the engine, it cannot keep the reference for longer than it lives itself.
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
