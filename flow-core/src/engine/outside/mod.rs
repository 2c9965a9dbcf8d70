//! The exchange between an execution and everything outside of it: tasks that hold a clone of a
//! context, and the handle of a spawned execution.

mod ask;
pub(crate) mod questions;
pub(crate) mod tree;

use std::collections::VecDeque;
use std::task::Waker;

use crate::engine::ending::Ending;
use crate::engine::outside::questions::Questions;
use crate::engine::stream::waiters::{Blocked, Wakers};
use crate::macro_support::graph::Graph;

pub(crate) struct Outside<G: Graph> {
    /// In: activations, which the driver takes when it is notified.
    pub(crate) events: VecDeque<G::Activation>,
    /// In: items, bounded by the capacity of the stream, like those of the handlers.
    pub(crate) items: VecDeque<G::Item>,
    pub(crate) blocked: Blocked,
    /// Handlers whose tickets have lower numbers than this wait for room behind `items`. No more
    /// items go in until they were granted theirs.
    pub(crate) fair_gate: Option<u64>,
    /// In: the tickets of `put`s that waited inside, and were dropped elsewhere.
    pub(crate) returned: Vec<u64>,
    /// In: the ending that was decided outside.
    pub(crate) ending: Option<Ending>,
    /// Out: items for the handle.
    pub(crate) outbox: VecDeque<G::Item>,
    pub(crate) reader: Option<Waker>,
    /// Handlers wait until the outbox has room.
    pub(crate) wants_room: bool,
    /// Questions that went out and wait for their answers.
    pub(crate) questions: Questions<G>,
    /// Out: the ending, once nothing of the execution is left.
    pub(crate) ended: Option<Ending>,
}

impl<G: Graph> Outside<G> {
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
            items: VecDeque::new(),
            blocked: Blocked::default(),
            fair_gate: None,
            returned: Vec::new(),
            ending: None,
            outbox: VecDeque::new(),
            reader: None,
            wants_room: false,
            questions: Questions::default(),
            ended: None,
        }
    }
}
