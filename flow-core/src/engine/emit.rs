//! Events on their way to the queue of activations, from handlers and from outside.

use crate::engine::core::Core;
use crate::engine::observe::watch::Watch;
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
        match self.watch.get() {
            None => G::deliver(event, |activation| self.push(activation)),
            Some(watch) => {
                self.tell_emitted(watch, E::DESC.name);
                G::deliver(event, |activation| self.push_watched(watch, activation));
            }
        }
    }

    /// Queues an activation, and notes what caused it.
    #[cold]
    pub(crate) fn push_watched(&self, watch: &Watch, activation: G::Activation) {
        // Events from outside came first.
        self.drain_outside();
        self.inside
            .with(|inside| watch.queued(inside.run.get().step()));
        self.push(activation);
    }

    /// Queues an activation.
    #[inline]
    pub(crate) fn push(&self, activation: G::Activation) {
        // Events from outside came first.
        self.drain_outside();
        let mut activation = Some(activation);
        // After the end it stays in the queue, and is dropped with it.
        self.inside.with(|inside| {
            if let Some(activation) = activation.take() {
                inside.queue.push(activation);
            }
        });
        if let Some(activation) = activation {
            self.push_from_outside(activation);
        }
    }

    #[cold]
    fn push_from_outside(&self, activation: G::Activation) {
        let late = {
            let mut outside = self.lock_outside();
            if self.is_closed() {
                Some(activation)
            } else {
                let outside = self.outside_mut(&mut outside);
                outside.events.push_back(activation);
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
            if self.reader_gone.load(Ordering::SeqCst) && buffer.outlet != Outlet::Nowhere {
                buffer.outlet = Outlet::Nowhere;
                dropped.extend(buffer.items.drain(..));
            }
            let mut outside = self.has_outside().then(|| self.lock_outside());
            let mut outside = outside.as_deref_mut().and_then(Option::as_mut);
            if let Some(outside) = &mut outside {
                for event in outside.events.drain(..) {
                    inside.queue.push(event);
                    if let Some(watch) = self.watch.get() {
                        watch.queued(None);
                    }
                }
                if let Some(ending) = &outside.ending {
                    inside.end(ending.clone());
                }
                if buffer.outlet == Outlet::Nowhere {
                    buffer.note_activity(outside.items.len());
                    dropped.extend(outside.items.drain(..));
                    // Sent while the reader was leaving.
                    dropped.extend(outside.outbox.drain(..));
                }
                if buffer.outlet != Outlet::Here {
                    buffer.note_unread(outside.outbox.len());
                }
                for number in outside.returned.drain(..) {
                    unused.extend(buffer.blocked.cancel(number).0);
                }
                let came = !outside.items.is_empty();
                let room = buffer.free_places().min(outside.items.len());
                buffer.note_activity(room);
                buffer.items.extend(outside.items.drain(..room));
                buffer.outside_waits = !outside.items.is_empty();
                if came && outside.fair_gate.is_none() {
                    outside.fair_gate = Some(buffer.blocked.next_number());
                }
            }
            if buffer.outlet == Outlet::Nowhere {
                wakers = buffer.blocked.release();
            } else if buffer.is_half_free() {
                wakers = buffer.grant();
            }
            if let Some(outside) = &mut outside {
                let gate = outside.fair_gate;
                outside.fair_gate = gate.filter(|gate| buffer.blocked.waits_before(*gate));
                wakers.append(outside.grant(self.capacity));
            }
            (dropped, unused, wakers)
        });
        if let Some((dropped, unused, wakers)) = drained {
            wakers.wake();
            drop(unused);
            drop_each_catching(dropped);
        }
    }
}
