//! The slots besides the first: made when several handlers are suspended at once, used again, and
//! given back when there is nothing for them to do.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::task::waker_ref;

use crate::engine::core::Core;
use crate::engine::driver::given_up::GivenUpStages;
use crate::engine::driver::slot_waker::SlotWaker;
use crate::engine::driver::slots::slot::{Suspended, note_slot, poll_slot};
use crate::engine::inside::Inside;
use crate::macro_support::graph::Graph;

/// The slots besides the first.
pub(super) struct Others<G: Graph, F> {
    pub(super) slots: Vec<Other<G, F>>,
    /// The slots that have nothing to do.
    pub(super) idle: Vec<usize>,
    /// How many of these have given their loops back.
    pub(super) empty: usize,
    /// The slots to be polled; empty between polls, and kept for its allocation.
    pub(super) ready: Vec<usize>,
    /// The executions of stages that were given up and have a `finally` to run.
    pub(super) given_up: Option<Box<GivenUpStages<G>>>,
}

pub(super) struct Other<G: Graph, F> {
    /// `None` after a burst, until the slot is needed again.
    pub(super) work: Option<Pin<Box<F>>>,
    pub(super) waker: Arc<SlotWaker<G>>,
    pub(super) suspended: Suspended,
}

impl<G: Graph, F> Default for Others<G, F> {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            idle: Vec::new(),
            empty: 0,
            ready: Vec::new(),
            given_up: None,
        }
    }
}

/// So many loops may be idle beside each handler that runs, and so many more in any case.
const SPARE: (usize, usize) = (4, 32);

impl<G: Graph, F> Others<G, F> {
    /// Gives the loops of idle slots back, if a burst has left many. They are as large as the
    /// largest handler; what is left of a slot is a few words.
    #[inline]
    pub(super) fn give_back_loops(&mut self) {
        let busy = self.slots.len() - self.idle.len();
        if self.idle.len() - self.empty > busy * SPARE.0 + SPARE.1 {
            self.give_back_loops_now();
        }
    }

    #[cold]
    fn give_back_loops_now(&mut self) {
        for &slot in &self.idle {
            if let Some(other) = self.slots.get_mut(slot) {
                other.work = None;
            }
        }
        while self.slots.pop_if(|last| last.work.is_none()).is_some() {}
        let left = self.slots.len();
        self.idle.retain(|slot| *slot < left);
        self.empty = self.idle.len();
        self.slots.shrink_to_fit();
        self.idle.shrink_to_fit();
        self.ready.shrink_to_fit();
    }

    /// Makes the loop of a slot that has given its own back.
    #[cold]
    pub(super) fn fill(&mut self, slot: usize, work: impl FnOnce() -> Pin<Box<F>>) {
        if let Some(other) = self.slots.get_mut(slot)
            && other.work.is_none()
        {
            other.work = Some(work());
            self.empty -= 1;
        }
    }

    /// Takes over the stages that were given up since the last call.
    #[cold]
    pub(super) fn take_over(&mut self, core: &Arc<Core<G>>) {
        let given_up = core.take_given_up();
        if !given_up.is_empty() {
            let all = self
                .given_up
                .get_or_insert_with(|| Box::new(GivenUpStages::new(core)));
            all.add(given_up);
        }
    }

    #[cold]
    pub(super) fn poll_given_up(&mut self, core: &Arc<Core<G>>, inside: &Inside<G>) {
        self.take_over(core);
        if let Some(given_up) = &mut self.given_up
            && !inside.has_ended()
        {
            given_up.poll(inside);
        }
    }
}

impl<G: Graph, F: Future<Output = ()>> Others<G, F> {
    pub(super) fn poll(&mut self, slot: usize, core: &Core<G>, inside: &Inside<G>) {
        if let Some(other) = self.slots.get_mut(slot) {
            note_slot(inside, slot + 1);
            let waker = waker_ref(&other.waker);
            if let Some(work) = &mut other.work {
                poll_slot(work.as_mut(), &waker, &mut other.suspended, core, inside);
            }
            if !other.suspended.busy {
                self.idle.push(slot);
            }
        }
    }
}
