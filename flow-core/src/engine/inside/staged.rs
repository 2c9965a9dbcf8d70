//! What the call that is polled now has emitted, in a durable flow.
//!
//! Its activations are in the queue already, as the last ones, where they count when the call has
//! ended well. Nothing takes from the queue while a handler is polled, and what others queue
//! meanwhile goes before them. A call that suspends takes them out again.

use std::cell::{Cell, RefCell};

use crate::graph::EventDesc;

/// Empty between polls.
#[derive(Default)]
pub(in crate::engine) struct Staged {
    /// The address of the router of the call; 0 while none is polled.
    call: Cell<usize>,
    /// How many activations at the end of the queue are those of the call.
    activations: Cell<usize>,
    /// The event that it has emitted first.
    first: Cell<Option<&'static EventDesc>>,
    /// Those after it, which most calls have none of, each with the number of activations before.
    others: RefCell<Vec<(&'static EventDesc, usize)>>,
    has_others: Cell<bool>,
}

impl Staged {
    /// The call at this address is polled from here on.
    #[inline]
    pub(in crate::engine) fn enter(&self, call: usize) {
        debug_assert!(self.is_empty(), "the last one has left something");
        self.call.set(call);
    }

    #[inline]
    pub(in crate::engine) fn is_of(&self, call: usize) -> bool {
        self.call.get() == call
    }

    /// The call emits an event, whose activations follow.
    #[inline]
    pub(in crate::engine) fn emits(&self, event: &'static EventDesc) {
        if self.first.get().is_none() {
            self.first.set(Some(event));
        } else {
            self.emits_another(event);
        }
    }

    #[cold]
    fn emits_another(&self, event: &'static EventDesc) {
        self.has_others.set(true);
        self.others
            .borrow_mut()
            .push((event, self.activations.get()));
    }

    /// One more activation is in the queue.
    #[inline]
    pub(in crate::engine) fn push(&self) {
        self.activations.set(self.activations.get() + 1);
    }

    #[inline]
    pub(in crate::engine) fn activations(&self) -> usize {
        self.activations.get()
    }

    #[inline]
    pub(in crate::engine) fn is_empty(&self) -> bool {
        self.first.get().is_none()
    }

    /// The call is not polled any more. What it has emitted is like what others have.
    #[inline]
    pub(in crate::engine) fn leave(&self) {
        self.call.set(0);
        self.activations.set(0);
        self.first.set(None);
        if self.has_others.replace(false) {
            self.forget_others();
        }
    }

    #[cold]
    fn forget_others(&self) {
        self.others.borrow_mut().clear();
    }

    /// The events of a call that is not polled any more, in their order, each with the number of
    /// activations before it.
    #[cold]
    pub(in crate::engine) fn take(&self) -> Vec<(&'static EventDesc, usize)> {
        let first = self.first.get().map(|event| (event, 0));
        let events = first.into_iter().chain(self.others.take()).collect();
        self.leave();
        events
    }
}
