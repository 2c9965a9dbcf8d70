//! The limits of an execution on its events.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError};

use crate::engine::stream::waiters::{Blocked, Wakers};
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{Mutex, MutexGuard};

/// Present only in an execution that has such a limit, so that the others pay nothing for it.
pub(crate) struct EventLimits {
    pub(crate) max_events: u64,
    /// The number of events that were emitted, once for each clause that takes them.
    emitted: AtomicU64,
    pub(crate) pending: Option<Arc<PendingLimit>>,
}

impl EventLimits {
    #[inline]
    pub(crate) fn new(max_events: Option<u64>, max_pending: Option<u64>) -> Option<Box<Self>> {
        let is_limited = max_events.is_some() || max_pending.is_some();
        is_limited.then(|| {
            Box::new(Self {
                max_events: max_events.unwrap_or(u64::MAX),
                emitted: AtomicU64::new(0),
                pending: max_pending.map(|max| Arc::new(PendingLimit::new(max))),
            })
        })
    }

    /// Counts events. Returns whether they may be emitted.
    pub(crate) fn count(&self, events: u64) -> bool {
        // The count wraps around after centuries.
        let before = self.emitted.fetch_add(events, Ordering::Relaxed);
        before.saturating_add(events) <= self.max_events
    }
}

/// `max_pending`, and what is pending. Events of handlers and events from outside are told apart:
/// those from outside wait for room, and a handler that emits does not fail because of them.
pub(crate) struct PendingLimit {
    pub(crate) max: u64,
    counts: Mutex<Counts>,
}

/// Where an activation comes from.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Origin {
    /// An event that was emitted through a context.
    Handler,
    /// An event of a sender or a handle, an answer, or a rescue.
    Elsewhere,
}

#[derive(Default)]
pub(crate) struct Counts {
    /// Parallel to the queue of activations. It lacks the first of all, which is not an event.
    queued: VecDeque<Origin>,
    /// Parallel to the events that wait outside.
    outside: VecDeque<Origin>,
    /// The events of handlers among them.
    of_handlers: usize,
    /// The events that wait for a partner.
    pub(crate) partners: usize,
    /// The number of events that were let in and are on their way into the queue.
    reserved: usize,
    /// Senders that wait for room.
    pub(crate) blocked: Blocked,
}

impl PendingLimit {
    fn new(max: u64) -> Self {
        Self {
            max,
            counts: Mutex::new(Counts::default()),
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of places that are not taken, granted ones included.
    pub(crate) fn room(&self, counts: &Counts) -> usize {
        let max = usize::try_from(self.max).unwrap_or(usize::MAX);
        max.saturating_sub(counts.pending() + counts.reserved)
    }

    /// Counts an event of a handler. Returns whether it may be queued.
    pub(crate) fn count_of_handler(&self) -> bool {
        let mut counts = self.lock();
        let fits = (counts.of_handlers as u64) < self.max;
        counts.of_handlers += usize::from(fits);
        fits
    }

    /// The execution takes an activation from its queue, and `left` remain.
    pub(crate) fn note_left(&self, left: usize) -> Wakers {
        let mut counts = self.lock();
        while counts.queued.len() > left {
            if counts.queued.pop_front() == Some(Origin::Handler) {
                counts.of_handlers -= 1;
            }
        }
        self.grant(&mut counts)
    }

    /// Lets in an event that has room, until its activations are queued.
    pub(crate) fn reserve(counts: &mut Counts) {
        counts.reserved += 1;
    }

    /// The activations of an event that was let in are queued, or there are none.
    pub(crate) fn note_queued_all(&self) -> Wakers {
        let mut counts = self.lock();
        counts.reserved -= 1;
        self.grant(&mut counts)
    }

    /// A sender does not wait any more.
    pub(crate) fn cancel(&self, ticket: u64) -> (Option<std::task::Waker>, Wakers) {
        let mut counts = self.lock();
        let (waker, _granted) = counts.blocked.cancel(ticket);
        (waker, self.grant(&mut counts))
    }

    /// All activations were dropped.
    pub(crate) fn forget(&self) {
        let mut counts = self.lock();
        counts.queued.clear();
        counts.outside.clear();
        counts.of_handlers = 0;
        counts.partners = 0;
    }

    fn grant(&self, counts: &mut Counts) -> Wakers {
        let room = self.room(counts);
        counts.blocked.grant(room)
    }
}

/// The place of an event that waits for a stage to begin.
pub(crate) struct Place(Arc<PendingLimit>);

impl Place {
    pub(crate) fn new(pending: &Arc<PendingLimit>) -> Self {
        PendingLimit::reserve(&mut pending.lock());
        Self(Arc::clone(pending))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.note_queued_all().wake();
    }
}

impl Counts {
    /// The number of activations that are queued.
    pub(crate) fn pending(&self) -> usize {
        self.queued.len() + self.outside.len()
    }

    pub(crate) fn note_queued(&mut self, origin: Origin) {
        self.queued.push_back(origin);
    }

    pub(crate) fn note_outside(&mut self, origin: Origin) {
        self.outside.push_back(origin);
    }

    /// The events that waited outside are in the queue now.
    pub(crate) fn note_drained(&mut self) {
        let Self {
            queued, outside, ..
        } = self;
        queued.append(outside);
    }
}
