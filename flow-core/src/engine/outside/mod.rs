//! The exchange between an execution and everything outside of it: tasks that hold a clone of a
//! context, and the handle of a spawned execution.

mod answer;
mod ask;
mod few;
pub(crate) mod questions;
pub(crate) mod reply;
pub(crate) mod split;
pub(crate) mod stages;
mod ticket;
pub(crate) mod tree;
mod unanswered;
mod waits;

use std::collections::VecDeque;
use std::sync::Arc;
use std::task::Waker;

use tokio::sync::Notify;

use crate::engine::ending::Ending;
use crate::engine::outside::questions::Questions;
use crate::engine::stream::buffer::{Buffer, Outlet};
use crate::engine::stream::waiters::{Blocked, Wakers};
use crate::handler::router::GivenUp;
use crate::macro_support::graph::Graph;

pub(crate) struct Outside<G: Graph> {
    /// In: activations, which the driver takes when it is notified.
    pub(crate) events: VecDeque<G::Activation>,
    /// In: items. Made with the first of them: most executions put only inside.
    pub(super) inbox: Option<Box<Inbox<G::Item>>>,
    /// In: the ending that was decided outside. Once `is_over`, it is that of the execution.
    pub(crate) ending: Option<Ending>,
    /// In: it was cancelled a second time, before the driver knew of the first.
    pub(crate) cancelled_again: bool,
    /// Out: nothing of the execution is left.
    is_over: bool,
    /// Out: items for the handle.
    pub(crate) outbox: VecDeque<G::Item>,
    pub(crate) reader: Option<Waker>,
    /// Handlers wait until the outbox has room.
    pub(crate) wants_room: bool,
    /// Questions that went out and wait for their answers.
    pub(crate) questions: Questions<G>,
}

/// What most executions do not need: the items that tasks outside put, the `put`s that wait there,
/// the wait for the end, and stages that were given up.
pub(crate) struct Inbox<T> {
    /// Bounded by the capacity of the stream, like those of the handlers.
    pub(crate) items: VecDeque<T>,
    pub(crate) blocked: Blocked,
    /// Handlers whose tickets have lower numbers than this wait for room behind `items`. No more
    /// items go in until they were granted theirs.
    pub(crate) fair_gate: Option<u64>,
    /// The tickets of `put`s that waited inside, and were dropped elsewhere.
    pub(crate) returned: Vec<u64>,
    /// Notified when the end is decided. Made when a handler waits for that.
    pub(crate) ending_notice: Option<Arc<Notify>>,
    /// On their way from their handlers to the driver, which runs them from then on.
    pub(crate) given_up: Vec<GivenUp>,
}

impl<T> Inbox<T> {
    /// Whether a `put` that has not waited may put its item now.
    pub(crate) fn takes_items(&self, capacity: usize) -> bool {
        // A later `put` does not overtake a blocked one.
        self.fair_gate.is_none()
            && self.blocked.is_empty()
            && self.items.len() + self.blocked.granted() < capacity
    }

    /// Grants the free places of `items` to blocked `put`s, if they are worth granting.
    pub(crate) fn grant(&mut self, capacity: usize) -> Wakers {
        if self.fair_gate.is_some() || self.items.len() * 2 > capacity {
            return Wakers::default();
        }
        self.blocked.grant(capacity - self.items.len())
    }

    /// Moves the items into the buffer as far as they fit, and withdraws the returned tickets.
    /// Returns the items that nothing will read; `unused` takes wakers to drop.
    pub(crate) fn drain_to(
        &mut self,
        buffer: &mut Buffer<T>,
        unused: &mut Vec<Waker>,
    ) -> VecDeque<T> {
        let mut dropped = VecDeque::new();
        if buffer.outlet() == Outlet::Nowhere {
            buffer.note_activity(self.items.len());
            dropped = std::mem::take(&mut self.items);
        }
        for number in self.returned.drain(..) {
            unused.extend(buffer.cancel(number).0);
        }
        let came = !self.items.is_empty();
        let room = buffer.free_places().min(self.items.len());
        buffer.note_activity(room);
        buffer.items.extend(self.items.drain(..room));
        buffer.set_outside_waits(!self.items.is_empty());
        if came && self.fair_gate.is_none() {
            self.fair_gate = Some(buffer.next_ticket());
        }
        dropped
    }
}

impl<G: Graph> Outside<G> {
    pub(crate) fn inbox(&mut self) -> Option<&mut Inbox<G::Item>> {
        self.inbox.as_deref_mut()
    }

    /// The inbox, made if it is not there yet.
    pub(crate) fn inbox_mut(&mut self) -> &mut Inbox<G::Item> {
        self.inbox.get_or_insert_default()
    }

    /// The `put`s that waited outside, which need no place any more.
    pub(crate) fn release(&mut self) -> Wakers {
        let inbox = self.inbox();
        inbox.map_or_else(Wakers::default, |inbox| inbox.blocked.release())
    }

    /// The ending, once nothing of the execution is left.
    pub(crate) fn ended(&self) -> Option<&Ending> {
        self.ending.as_ref().filter(|_| self.is_over)
    }

    /// Notes the ending: nothing of the execution is left.
    pub(crate) fn end(&mut self, ending: Ending) {
        self.ending = Some(ending);
        self.is_over = true;
    }

    /// The error with which the execution has ended, for which nothing asks any more.
    pub(crate) fn give_up_error(&mut self) -> Option<Ending> {
        self.is_over.then(|| self.ending.replace(Ending::Done))?
    }

    /// Gives back the room of an empty outbox, in an execution that waits for an answer.
    pub(crate) fn give_back_outbox(&mut self) {
        if self.outbox.is_empty() && !self.questions.is_empty() {
            self.outbox = VecDeque::new();
        }
    }
}

impl<G: Graph> Default for Outside<G> {
    fn default() -> Self {
        Self {
            events: VecDeque::new(),
            inbox: None,
            ending: None,
            cancelled_again: false,
            is_over: false,
            outbox: VecDeque::new(),
            reader: None,
            wants_room: false,
            questions: Questions::default(),
        }
    }
}

impl<T> Default for Inbox<T> {
    fn default() -> Self {
        Self {
            items: VecDeque::new(),
            blocked: Blocked::default(),
            fair_gate: None,
            returned: Vec::new(),
            ending_notice: None,
            given_up: Vec::new(),
        }
    }
}
