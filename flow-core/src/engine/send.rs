//! Events from senders and handles, and the limits that hold for all events.

use std::any::TypeId;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

use tokio::task::coop;

use crate::emit_error::{EmitError, TryEmitError};
use crate::engine::core::Core;
use crate::engine::ending::Ending;
use crate::engine::inside::Inside;
use crate::engine::limits::{EventLimits, Origin, PendingLimit};
use crate::error::{At, FlowError};
use crate::event::Event;
use crate::macro_support::graph::{Entrance, Graph};
use crate::macro_support::pairs::LeftOver;
use crate::sync::atomic::Ordering;

/// Whether an event may go into the execution.
enum Admission {
    Admitted,
    Full,
    Ended,
}

/// An event was let in. To be dropped when it is queued.
struct Reserved<'a>(Option<&'a PendingLimit>);

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        if let Some(pending) = self.0 {
            pending.note_queued_all().wake();
        }
    }
}

/// A send that has begun. It counts as under way, so that an execution whose end is decided
/// meanwhile takes the event in before it is over.
pub(super) struct UnderWay<'a, G: Graph>(&'a Core<G>);

impl<'a, G: Graph> UnderWay<'a, G> {
    pub(super) fn new(core: &'a Core<G>) -> Self {
        core.contexts.fetch_add(1, Ordering::SeqCst);
        Self(core)
    }
}

impl<G: Graph> Drop for UnderWay<'_, G> {
    fn drop(&mut self) {
        self.0.contexts.fetch_sub(1, Ordering::SeqCst);
        // Before, the sender itself keeps the execution open.
        if self.0.refuses_sends() {
            self.0.wake_state.notify();
        }
    }
}

impl<G: Graph> Core<G> {
    /// Emits an event from outside, if there is room.
    pub(crate) fn try_send<E: Event>(&self, event: E) -> Result<(), TryEmitError<E>> {
        let _under_way = UnderWay::new(self);
        match self.admit_sent::<E>(&mut None, None) {
            Admission::Admitted => {
                self.send_admitted(event);
                Ok(())
            }
            Admission::Full => Err(TryEmitError::Full(event)),
            Admission::Ended => Err(TryEmitError::Ended(event)),
        }
    }

    /// Emits an event from outside, or waits for room. The event is taken out of its `Option` when
    /// it is emitted or given back.
    pub(crate) fn poll_send<E: Event>(
        &self,
        event: &mut Option<E>,
        ticket: &mut Option<u64>,
        cx: &Context<'_>,
    ) -> Poll<Result<(), EmitError<E>>> {
        // If there is always room, a loop of sends would block its thread.
        let progress = ready!(coop::poll_proceed(&mut Context::from_waker(cx.waker())));
        let _under_way = UnderWay::new(self);
        let admission = self.admit_sent::<E>(ticket, Some(cx.waker()));
        if matches!(admission, Admission::Full) {
            return Poll::Pending;
        }
        progress.made_progress();
        Poll::Ready(match (event.take(), admission) {
            (Some(event), Admission::Admitted) => {
                self.send_admitted(event);
                Ok(())
            }
            (Some(event), _) => Err(EmitError(event)),
            (None, _) => Ok(()),
        })
    }

    /// Removes the ticket of a sender that does not wait any more.
    pub(crate) fn return_sender(&self, ticket: u64) {
        if let Some(pending) = self.pending_limit() {
            let (waker, next) = pending.cancel(ticket);
            next.wake();
            drop(waker);
        }
    }

    /// Lets the senders go that wait for room: the execution has been closed.
    #[cold]
    pub(super) fn release_senders(&self) {
        if let Some(pending) = self.pending_limit() {
            let wakers = pending.lock().blocked.release();
            wakers.wake();
        }
    }

    /// With a waker, an event that finds no room waits for it.
    fn admit_sent<E: Event>(&self, ticket: &mut Option<u64>, waker: Option<&Waker>) -> Admission {
        if self.refuses_sends() || self.is_over() {
            return Admission::Ended;
        }
        let Some(limits) = &self.limits else {
            return Admission::Admitted;
        };
        if let Some(pending) = &limits.pending
            && !self.reserve(pending, ticket, waker.cloned())
        {
            return Admission::Full;
        }
        let clauses = G::WAITS.iter().filter(|id| **id == E::DESC.id).count();
        if limits.count(clauses as u64) {
            return Admission::Admitted;
        }
        drop(Reserved(limits.pending.as_deref()));
        self.fail_of_events(limits, E::DESC.name);
        Admission::Ended
    }

    fn reserve(
        &self,
        pending: &PendingLimit,
        ticket: &mut Option<u64>,
        waker: Option<Waker>,
    ) -> bool {
        let mut counts = pending.lock();
        let room = pending.room(&counts);
        let has_place = match *ticket {
            Some(number) => counts.blocked.redeem(number, room),
            None => counts.blocked.is_empty() && room > counts.blocked.granted(),
        };
        if has_place {
            *ticket = None;
            PendingLimit::reserve(&mut counts);
            return true;
        }
        let Some(waker) = waker else { return false };
        let (number, unused) = counts.blocked.register(*ticket, waker);
        *ticket = Some(number);
        // The execution is closed before those that wait are let go.
        let woken = if self.is_ending() {
            counts.blocked.cancel(number).0
        } else {
            None
        };
        drop(counts);
        drop(unused);
        if let Some(waker) = woken {
            waker.wake();
        }
        false
    }

    fn send_admitted<E: Event>(&self, event: E) {
        let _reserved = Reserved(self.pending_limit().map(|pending| &**pending));
        if let Some(watch) = self.watch.get() {
            self.tell_emitted(watch, E::DESC.name);
        }
        if self.senders_into_stages().is_some()
            && let Some(entrance) = Entrance::<G>::find(TypeId::of::<E>())
        {
            return self.enter_admitted(entrance, Box::new(event));
        }
        G::deliver(event, |activation| self.push_sent(activation));
    }

    /// Whether an event from the outer flow may be queued. If it is one too many, the execution
    /// fails. The outer flow has made room for it.
    pub(super) fn admits_entering(&self, entrance: &Entrance<G>) -> bool {
        let Some(limits) = &self.limits else {
            return true;
        };
        let event = entrance.event;
        let clauses = G::WAITS.iter().filter(|id| **id == event.id).count();
        let fits = limits.count(clauses as u64);
        if !fits {
            self.fail_of_events(limits, event.name);
        }
        fits
    }

    /// Whether the ending is decided, as far as the caller can see it.
    pub(super) fn is_over(&self) -> bool {
        if self.is_closed() || self.inside.with(Inside::has_ended) == Some(true) {
            return true;
        }
        let outside = self.has_outside().then(|| self.lock_outside());
        let outside = outside.as_deref().and_then(|outside| outside.as_ref());
        outside.is_some_and(|outside| outside.ending.is_some())
    }

    /// Whether a handler's event may be queued. If it is one too many, the execution fails.
    pub(super) fn admits(&self, limits: &EventLimits, event: &'static str) -> bool {
        if !limits.count(1) {
            self.fail_of_events(limits, event);
            return false;
        }
        let Some(pending) = &limits.pending else {
            return true;
        };
        let fits = pending.count_of_handler();
        if !fits {
            self.fail(|at| FlowError::too_many_pending(pending.max, emitted(event, at)));
        }
        fits
    }

    #[cold]
    fn fail_of_events(&self, limits: &EventLimits, event: &'static str) {
        self.fail(|at| FlowError::too_many_events(limits.max_events, emitted(event, at)));
    }

    pub(super) fn pending_limit(&self) -> Option<&Arc<PendingLimit>> {
        self.limits.as_ref()?.pending.as_ref()
    }

    /// An activation is about to be taken from the queue, if there is one.
    #[cold]
    pub(crate) fn note_taking(&self, inside: &Inside<G>) {
        if let Some(pending) = self.pending_limit() {
            let left = inside.queue.len().saturating_sub(1);
            pending.note_left(left).wake();
        }
    }

    /// Notes how many events wait for a partner.
    pub(super) fn note_partners(&self, inside: &Inside<G>) -> usize {
        let all = inside.waiting_for_partners();
        if let Some(pending) = self.pending_limit() {
            pending.lock().partners = all;
        }
        all
    }

    /// Whether as many events wait for a partner as may. If there is one too many, the execution
    /// fails: none of them can wait for room, because the event that makes room may be behind it.
    #[cold]
    pub(crate) fn admits_partners(&self, inside: &Inside<G>) -> bool {
        let all = self.note_partners(inside) as u64;
        let max = self.pending_limit().map_or(u64::MAX, |pending| pending.max);
        // In a `finally`, the limits have done their work.
        if all <= max || inside.finalizing.get() {
            return true;
        }
        let mut most = LeftOver::default();
        G::waiting_by_clause(&inside.partners, |clause, waiting| {
            if waiting.iter().sum::<usize>() > most.waiting.iter().sum() {
                most = LeftOver {
                    clause,
                    waiting: waiting.to_vec(),
                };
            }
        });
        let clause = G::DESC.clauses.get(most.clause);
        let error = FlowError::too_many_partners(max, clause, most.waiting);
        inside.end(Ending::Failed(error));
        false
    }

    /// An activation goes into the queue.
    pub(super) fn note_queued(&self, origin: Origin) {
        if let Some(pending) = self.pending_limit() {
            pending.lock().note_queued(origin);
        }
    }

    /// An activation waits outside.
    pub(super) fn note_outside(&self, origin: Origin) {
        if let Some(pending) = self.pending_limit() {
            pending.lock().note_outside(origin);
        }
    }

    /// The number of activations that wait. Without `max_pending`, those in the queue count as of
    /// the last time that the driver returned.
    pub(crate) fn pending(&self) -> usize {
        if self.is_closed() {
            return 0;
        }
        let for_stages = self.senders_into_stages();
        let for_stages = for_stages.map_or(0, |tree| tree.stages.count_waiting(self.address()));
        if let Some(pending) = self.pending_limit() {
            let counts = pending.lock();
            return for_stages + counts.pending() + counts.partners;
        }
        let mut outside = self.has_outside().then(|| self.lock_outside());
        let outside = outside.as_deref_mut().and_then(|outside| outside.as_mut());
        let outside = outside.map_or(0, |outside| {
            let events = &mut outside.events;
            // The reply to a question where a clause is split is no event.
            if const { G::DESC.splits } {
                return events
                    .iter_mut()
                    .map(G::pause)
                    .filter(Option::is_none)
                    .count();
            }
            events.len()
        });
        let inside = self
            .inside
            .with(|inside| inside.queue.len() + inside.waiting_for_partners());
        let queued = || self.queued.load(Ordering::Relaxed) as usize;
        for_stages + outside + inside.unwrap_or_else(queued)
    }
}

/// The position of the handler that emits the event.
fn emitted(event: &'static str, at: At) -> At {
    At {
        handler: at.handler,
        event: Some(event),
        ..At::default()
    }
}
