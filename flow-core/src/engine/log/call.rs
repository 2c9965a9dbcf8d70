//! What one call of a handler in a durable flow has done so far.

use std::sync::{Arc, PoisonError};
use std::task::Waker;

use crate::macro_support::durable::turns::StateTurn;
use crate::macro_support::graph::Graph;
use crate::sync::{Mutex, MutexGuard};

/// What a call has done, and what its states were before it.
pub(crate) struct Call<G: Graph> {
    pub(in crate::engine) done: Mutex<Done<G>>,
    /// The states that it takes, by their numbers, as they were before it.
    pub(in crate::engine) before: Vec<(usize, Vec<u8>)>,
    /// Present if the execution is kept in a store.
    pub(in crate::engine) recorded: Option<RecordedCall>,
}

/// The rows of a call that has no result yet.
pub(in crate::engine) struct RecordedCall {
    /// The key of the number of failed attempts.
    pub(in crate::engine) attempts: String,
    /// How many there were before a crash.
    pub(in crate::engine) failed: u32,
    /// The key that tells that it has put items.
    pub(in crate::engine) puts: String,
    /// Those of the execution.
    pub(in crate::engine) started: u64,
    pub(in crate::engine) incarnation: u64,
}

/// What it has done so far.
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(in crate::engine) struct Done<G: Graph> {
    pub(in crate::engine) emitted: Vec<Emitted<G>>,
    pub(in crate::engine) stopped: bool,
    /// An attempt has failed, and items were put: both are in rows of their own.
    pub(in crate::engine) retried: bool,
    pub(in crate::engine) has_put: bool,
    /// It was over before: a late clone does nothing.
    pub(in crate::engine) closed: bool,
    /// Counts the attempts. What a clone of an earlier one does is undone with it.
    pub(in crate::engine) attempt: u32,
    /// The clones of the router in this attempt, in tasks and in the handler, and the router
    /// itself.
    pub(in crate::engine) contexts: usize,
    /// What waits for the last of them to be dropped.
    pub(in crate::engine) waits: Option<Waker>,
    /// The turn in the states that the call takes.
    pub(in crate::engine) turn: Option<StateTurn>,
}

/// What an event has activated.
pub(in crate::engine) struct Emitted<G: Graph> {
    /// The name of the event.
    pub(in crate::engine) event: &'static str,
    /// It is the first of its event.
    pub(in crate::engine) is_new: bool,
    /// `None` if no clause takes the event.
    pub(in crate::engine) activation: Option<G::Activation>,
}

impl<G: Graph> Emitted<G> {
    pub(in crate::engine) fn new(
        event: &'static str,
        is_new: bool,
        activation: Option<G::Activation>,
    ) -> Self {
        Self {
            event,
            is_new,
            activation,
        }
    }
}

impl<G: Graph> Done<G> {
    /// That of a call that begins, with this room for events.
    fn new(emitted: Vec<Emitted<G>>) -> Self {
        Self {
            emitted,
            stopped: false,
            retried: false,
            has_put: false,
            closed: false,
            attempt: 0,
            contexts: 1,
            waits: None,
            turn: None,
        }
    }

    /// Notes that an item is put. Returns whether that has to be recorded.
    pub(in crate::engine) fn puts_first(&mut self) -> bool {
        !self.closed && !std::mem::replace(&mut self.has_put, true)
    }
}

impl<G: Graph> Call<G> {
    /// The call that begins, in the place of one that is over, and with its room for events.
    pub(in crate::engine) fn begun(
        over: Option<Arc<Self>>,
        before: Vec<(usize, Vec<u8>)>,
        recorded: Option<RecordedCall>,
    ) -> Arc<Self> {
        if let Some(mut place) = over
            && let Some(call) = Arc::get_mut(&mut place)
        {
            let done = call.done_mut();
            *done = Done::new(std::mem::take(&mut done.emitted));
            call.before = before;
            call.recorded = recorded;
            return place;
        }
        Arc::new(Self {
            done: Mutex::new(Done::new(Vec::new())),
            before,
            recorded,
        })
    }

    pub(in crate::engine) fn done_mut(&mut self) -> &mut Done<G> {
        self.done.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    pub(in crate::engine) fn lock(&self) -> MutexGuard<'_, Done<G>> {
        self.done.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
