//! The exchange between an execution and everything outside of it: tasks that hold a clone of a
//! context, and the handle of a spawned execution.

mod ask;
pub(crate) mod questions;
pub(crate) mod tree;

use std::collections::VecDeque;
use std::task::Waker;

use crate::engine::ending::Ending;
use crate::engine::outside::questions::Questions;
use crate::engine::stream::waiters::Blocked;
use crate::macro_support::graph::Graph;

pub(crate) struct Outside<G: Graph> {
    /// In: activations, which the driver takes when it is notified.
    pub(crate) events: VecDeque<G::Activation>,
    /// In: items, bounded by the capacity of the stream, like those of the handlers.
    pub(crate) items: VecDeque<G::Item>,
    pub(crate) blocked: Blocked,
    /// Handlers wait for room behind `items`. No more items go in until those handlers have put
    /// theirs.
    pub(crate) fair_gate: bool,
    /// In: the ending that was decided outside.
    pub(crate) ending: Option<Ending>,
    /// Out: items for the handle.
    pub(crate) outbox: VecDeque<G::Item>,
    pub(crate) reader: Option<Waker>,
    /// Handlers wait until the outbox has room.
    pub(crate) wants_room: bool,
    /// Questions that went out and wait for their answers.
    pub(crate) questions: Questions<G::Activation>,
    /// Out: the ending, once nothing of the execution is left.
    pub(crate) ended: Option<Ending>,
}

impl<G: Graph> Default for Outside<G> {
    fn default() -> Self {
        Self {
            events: VecDeque::new(),
            items: VecDeque::new(),
            blocked: Blocked::default(),
            fair_gate: false,
            ending: None,
            outbox: VecDeque::new(),
            reader: None,
            wants_room: false,
            questions: Questions::default(),
            ended: None,
        }
    }
}
