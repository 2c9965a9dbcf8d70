//! Events on their way to the queue of activations, from handlers and from outside.

use crate::engine::core::Core;
use crate::engine::inside::Inside;
use crate::engine::limits::Origin;
#[cfg(feature = "durable")]
use crate::engine::log::call::Emitted;
use crate::engine::stream::buffer::Outlet;
use crate::engine::stream::waiters::Wakers;
use crate::event::Event;
use crate::macro_support::drop::drop_each_catching;
use crate::macro_support::graph::Graph;
use crate::sync::atomic::Ordering;

impl<G: Graph> Core<G> {
    /// Hands the event to the clauses that wait for it.
    #[inline]
    pub(crate) fn emit<E: Event>(&self, event: E) {
        if self.is_noted() {
            if let Some(watch) = self.watch.get() {
                self.tell_emitted(watch, E::DESC.name);
            }
            G::deliver(event, |activation| {
                self.push_emitted(E::DESC.name, activation);
            });
        } else {
            G::deliver(event, |activation| self.push(activation));
        }
    }

    /// Hands on what a call has emitted, which has ended well.
    #[cfg(feature = "durable")]
    pub(super) fn emit_of_call(&self, emitted: Emitted<G>) {
        if emitted.is_new
            && let Some(watch) = self.watch.get()
        {
            self.tell_emitted(watch, emitted.event);
        }
        match emitted.activation {
            Some(activation) if self.is_noted() => self.push_emitted(emitted.event, activation),
            Some(activation) => self.push(activation),
            None => {}
        }
    }

    /// Queues an activation of the event, in an execution that has limits or observers.
    #[cold]
    fn push_emitted(&self, event: &'static str, activation: G::Activation) {
        if self.is_finalizing() {
            // The limits have done their work.
            return self.push_sent(activation);
        }
        if let Some(limits) = &self.limits
            && !self.admits(limits, event)
        {
            // The activation is dropped: a handler that goes on emitting would fill the queue.
            return;
        }
        self.push_noted(Origin::Handler, activation);
    }

    /// Queues an activation that no context has emitted.
    #[cold]
    pub(crate) fn push_sent(&self, activation: G::Activation) {
        self.push_noted(Origin::Elsewhere, activation);
    }

    /// Queues an activation that no run of a clause has caused.
    #[cold]
    pub(super) fn push_uncaused(&self, activation: G::Activation) {
        self.drain_outside();
        if let Some(watch) = self.watch.get() {
            watch.queued(None);
        }
        self.push_of(Some(Origin::Elsewhere), activation);
    }

    /// Queues an activation, and notes where it comes from and what caused it.
    fn push_noted(&self, origin: Origin, activation: G::Activation) {
        if let Some(watch) = self.watch.get() {
            // Events from outside came first.
            self.drain_outside();
            self.inside
                .with(|inside| watch.queued(inside.run.get().step()));
        }
        self.push_of(Some(origin), activation);
    }

    /// Queues an activation, in an execution without limits and observers.
    #[inline]
    fn push(&self, activation: G::Activation) {
        self.push_of(None, activation);
    }

    /// Queues an activation. An execution with limits needs to know where it comes from.
    #[inline]
    pub(super) fn push_of(&self, origin: Option<Origin>, activation: G::Activation) {
        // Events from outside came first.
        self.drain_outside();
        let mut activation = Some(activation);
        // After the end it stays in the queue, and is dropped with it.
        self.inside.with(|inside| {
            if let Some(activation) = activation.take() {
                let Some(activation) = inside.record(origin, activation) else {
                    return;
                };
                if let Some(origin) = origin {
                    self.note_queued(origin);
                }
                inside.push(activation);
            }
        });
        if let Some(activation) = activation {
            self.push_from_outside(origin, activation);
        }
    }

    #[cold]
    fn push_from_outside(&self, origin: Option<Origin>, activation: G::Activation) {
        let late = {
            let mut outside = self.lock_outside();
            if self.is_closed() || self.is_finalizing() {
                Some(activation)
            } else {
                let outside = self.outside_mut(&mut outside);
                outside.events.push_back(activation);
                if let Some(origin) = origin {
                    self.note_outside(origin);
                }
                None
            }
        };
        if late.is_none() {
            self.wake_state.notify();
        }
    }

    /// Takes in events and items from outside, if there are any and the calling thread polls the
    /// execution.
    #[inline]
    pub(crate) fn drain_outside(&self) {
        if self.wake_state.has_news() {
            self.drain_outside_now();
        }
    }

    #[cold]
    pub(crate) fn drain_outside_now(&self) {
        let drained = self.inside.with(|inside| {
            if self.wake_state.has_news() {
                self.wake_state.take_news();
            }
            let mut buffer = inside.buffer.borrow_mut();
            let (mut dropped, mut wakers) = (Vec::new(), Wakers::default());
            let mut unused = Vec::new();
            let mut arrived = Vec::new();
            if self.reader_gone.load(Ordering::SeqCst) && buffer.outlet() != Outlet::Nowhere {
                buffer.close_outlet();
                dropped.extend(buffer.items.drain(..));
            }
            let mut outside = self.has_outside().then(|| self.lock_outside());
            let mut outside = outside.as_deref_mut().and_then(|outside| outside.as_mut());
            if let Some(outside) = &mut outside {
                for mut event in outside.events.drain(..) {
                    if const { G::DESC.splits } && G::pause(&mut event).is_some() {
                        inside.add_rest(event);
                        continue;
                    }
                    if const { G::DESC.durable } {
                        // Recorded without the lock.
                        arrived.push(event);
                        continue;
                    }
                    inside.push(event);
                    if let Some(watch) = self.watch.get() {
                        watch.queued(None);
                    }
                }
                if let Some(pending) = self.pending_limit() {
                    pending.lock().note_drained();
                } else {
                    self.publish(inside);
                }
                if inside.finalizing.get() {
                    if let Some(ending) = outside.ending.take() {
                        if std::mem::take(&mut outside.cancelled_again) {
                            inside.end(ending.clone());
                        }
                        inside.end(ending);
                    }
                } else if let Some(ending) = &outside.ending {
                    inside.end(ending.clone());
                }
                if buffer.outlet() == Outlet::Nowhere {
                    // Sent while the reader was leaving.
                    dropped.extend(outside.outbox.drain(..));
                }
                if buffer.outlet() != Outlet::Here {
                    buffer.note_unread(outside.outbox.len());
                }
                if let Some(inbox) = outside.inbox() {
                    dropped.extend(inbox.drain_to(&mut buffer, &mut unused));
                }
            }
            if buffer.outlet() == Outlet::Nowhere {
                wakers = buffer.release();
            } else if buffer.is_half_free() {
                wakers = buffer.grant();
            }
            if let Some(inbox) = outside.and_then(|outside| outside.inbox()) {
                let gate = inbox.fair_gate;
                inbox.fair_gate = gate.filter(|gate| buffer.waits_before(*gate));
                wakers.append(inbox.grant(self.capacity()));
            }
            (dropped, unused, wakers, arrived)
        });
        if let Some((dropped, unused, wakers, arrived)) = drained {
            for event in arrived {
                self.queue_arrived(event);
            }
            wakers.wake();
            drop(unused);
            drop_each_catching(dropped);
        }
    }

    /// Queues an event from outside in a durable flow.
    #[cold]
    fn queue_arrived(&self, event: G::Activation) {
        self.inside.with(|inside| {
            if let Some(event) = inside.record(Some(Origin::Elsewhere), event) {
                inside.push(event);
                if let Some(watch) = self.watch.get() {
                    watch.queued(None);
                }
            }
        });
    }

    /// Notes for other threads how many events are not taken yet.
    #[inline]
    pub(super) fn publish(&self, inside: &Inside<G>) {
        let queued =
            u32::try_from(inside.queue.len() + inside.waiting_for_partners()).unwrap_or(u32::MAX);
        self.queued.store(queued, Ordering::Relaxed);
    }
}
