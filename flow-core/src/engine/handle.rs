//! An execution as its handles see it: by the type of its items alone.

use std::any::Any;
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::engine::core::Core;
use crate::engine::ending::{Ending, Read};
use crate::error::FlowError;
use crate::lifecycle::{ExecutionId, Observer};
use crate::macro_support::graph::Graph;
use crate::sync::atomic::{AtomicU32, Ordering};

pub(crate) trait Handle<T>: Any + Send + Sync {
    /// Takes the next item, or registers the task to be woken when there is one.
    fn poll_item(&self, cx: &Context<'_>) -> Poll<Read<T>>;

    /// Drops the items that wait, and those put from now on.
    fn stop_reading(&self);

    fn cancel(&self);

    fn observe(&self, observer: &Observer);

    fn id(&self) -> ExecutionId;

    /// The number of activations that wait.
    fn pending(&self) -> usize;

    fn add_outsider(&self);

    fn remove_outsider(&self);

    fn add_witness(&self);

    fn remove_witness(&self);
}

impl<G: Graph> Handle<G::Item> for Core<G> {
    fn poll_item(&self, cx: &Context<'_>) -> Poll<Read<G::Item>> {
        self.poll_outbox(cx)
    }

    fn stop_reading(&self) {
        Self::stop_reading(self);
    }

    fn cancel(&self) {
        self.end(Ending::Failed(FlowError::cancelled()));
    }

    fn observe(&self, observer: &Observer) {
        Self::observe(self, observer);
    }

    fn id(&self) -> ExecutionId {
        Self::id(self)
    }

    fn pending(&self) -> usize {
        Self::pending(self)
    }

    fn add_outsider(&self) {
        self.hold_open();
        if let Some(tree) = self.senders_into_stages() {
            tree.stages.add_sender();
        }
    }

    fn remove_outsider(&self) {
        // The execution looks when the hold is released, and may be reachable until then.
        if let Some(tree) = self.senders_into_stages() {
            tree.stages.remove_sender();
        }
        self.release_hold();
    }

    fn add_witness(&self) {
        self.witnesses.fetch_add(1, Ordering::Relaxed);
    }

    fn remove_witness(&self) {
        if self.witnesses.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.give_up_error();
        }
    }
}

impl<G: Graph> Core<G> {
    /// Keeps the execution open until its end is decided.
    pub(super) fn hold_open(&self) {
        self.outsiders.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn release_hold(&self) {
        self.remove(&self.outsiders);
    }

    /// A clone of a context is gone.
    pub(super) fn remove_context(&self) {
        self.remove(&self.contexts);
    }

    /// A context counts that did not before.
    #[cfg(feature = "durable")]
    pub(super) fn add_context(&self) {
        self.contexts.fetch_add(1, Ordering::Relaxed);
    }

    /// One fewer of these emitters.
    fn remove(&self, emitters: &AtomicU32) {
        // The count is not read after the end.
        if !self.is_closed() {
            emitters.fetch_sub(1, Ordering::Release);
            // The execution may have waited only for this emitter.
            self.wake_state.notify();
        }
    }
}

/// Counts as an emitter for as long as it lives, so the execution does not end by itself.
pub(crate) struct Emitter<T: 'static>(Arc<dyn Handle<T>>);

impl<T> Emitter<T> {
    pub(crate) fn new(handle: Arc<dyn Handle<T>>) -> Self {
        handle.add_outsider();
        Self(handle)
    }
}

impl<T> Drop for Emitter<T> {
    fn drop(&mut self) {
        self.0.remove_outsider();
    }
}

/// Can ask with what the execution has ended. The last one gives up the error, which may hold a
/// context of it.
pub(crate) struct Witness<T: 'static>(Arc<dyn Handle<T>>);

impl<T> Witness<T> {
    pub(crate) fn new(handle: Arc<dyn Handle<T>>) -> Self {
        handle.add_witness();
        Self(handle)
    }

    pub(crate) fn handle(&self) -> &Arc<dyn Handle<T>> {
        &self.0
    }
}

impl<T> Clone for Witness<T> {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.0))
    }
}

impl<T> Drop for Witness<T> {
    fn drop(&mut self) {
        self.0.remove_witness();
    }
}

/// The execution as a sender holds it: it is kept open until its end is decided.
pub(crate) struct Outsider<G: Graph>(Arc<Core<G>>);

impl<G: Graph> Outsider<G> {
    pub(crate) fn new(core: Arc<Core<G>>) -> Self {
        core.add_outsider();
        Self(core)
    }

    pub(crate) fn core(&self) -> &Arc<Core<G>> {
        &self.0
    }
}

impl<G: Graph> Clone for Outsider<G> {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.0))
    }
}

impl<G: Graph> Drop for Outsider<G> {
    fn drop(&mut self) {
        self.0.remove_outsider();
    }
}
