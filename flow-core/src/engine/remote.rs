//! What passes between an execution and those outside of it: tasks that hold a clone of a context,
//! and the handle of a spawned execution.

use std::collections::VecDeque;
use std::task::Waker;

use crate::engine::Ending;
use crate::engine::local::Blocked;
use crate::engine::questions::Questions;
use crate::graph::Graph;

pub(crate) struct Remote<G: Graph> {
    /// In: for the driver, which takes it when it is told that there is news.
    pub(crate) events: VecDeque<G::Activation>,
    /// Bounded by the capacity of the stream, as the items of the handlers are.
    pub(crate) items: VecDeque<G::Item>,
    pub(crate) blocked: Blocked,
    /// Handlers wait for room behind `items`: no more go in until those have had their turn.
    pub(crate) gate: bool,
    /// The end that somebody outside decided on.
    pub(crate) ending: Option<Ending>,
    /// Out: for the handle.
    pub(crate) outbox: VecDeque<G::Item>,
    pub(crate) reader: Option<Waker>,
    /// Handlers wait until the outbox has room.
    pub(crate) wants_room: bool,
    /// Those that went out, and wait for their answers.
    pub(crate) questions: Questions<G>,
    /// Nothing of the execution is left, and this is how it ended.
    pub(crate) ended: Option<Ending>,
}

impl<G: Graph> Default for Remote<G> {
    fn default() -> Self {
        Self {
            events: VecDeque::new(),
            items: VecDeque::new(),
            blocked: Blocked::default(),
            gate: false,
            ending: None,
            outbox: VecDeque::new(),
            reader: None,
            wants_room: false,
            questions: Questions::default(),
            ended: None,
        }
    }
}
