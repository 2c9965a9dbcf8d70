//! The wakers of the slots.

use std::sync::Arc;

use futures_util::task::ArcWake;

use crate::engine::core::Core;
use crate::macro_support::graph::Graph;
use crate::sync::atomic::{AtomicBool, Ordering};

/// The waker of the first slot is the execution itself, which costs no allocation.
impl<G: Graph> ArcWake for Core<G> {
    fn wake_by_ref(this: &Arc<Self>) {
        this.wake_state.set_first();
    }
}

/// The waker of one of the other slots.
pub(super) struct SlotWaker<G: Graph> {
    slot: usize,
    /// The slot is on the list of ready ones.
    listed: AtomicBool,
    core: Arc<Core<G>>,
}

impl<G: Graph> SlotWaker<G> {
    pub(super) fn new(slot: usize, core: Arc<Core<G>>) -> Arc<Self> {
        Arc::new(Self {
            slot,
            listed: AtomicBool::new(false),
            core,
        })
    }

    /// Notes that the slot was taken off the list. To be called before the slot is polled, so that
    /// a wake during the poll counts.
    pub(super) fn unlist(&self) {
        self.listed.swap(false, Ordering::SeqCst);
    }
}

impl<G: Graph> ArcWake for SlotWaker<G> {
    fn wake_by_ref(this: &Arc<Self>) {
        if !this.listed.swap(true, Ordering::SeqCst) {
            this.core.wake_state.set_other(this.slot);
        }
    }
}
