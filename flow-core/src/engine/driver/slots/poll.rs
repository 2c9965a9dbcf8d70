//! Which slots are polled: those that were woken, and an idle one when there is an event.

use std::pin::Pin;
use std::sync::Arc;

use futures_util::task::waker_ref;

use crate::engine::driver::borrow::{PinnedEngine, Work};
use crate::engine::driver::given_up::GIVEN_UP;
use crate::engine::driver::slot_waker::SlotWaker;
use crate::engine::driver::slots::Slots;
use crate::engine::driver::slots::others::Other;
use crate::engine::driver::slots::slot::{Suspended, begin, note_slot, poll_slot};
use crate::engine::driver::slots::state::SlotState;
use crate::engine::inside::Inside;
use crate::macro_support::graph::Graph;

impl<G: Graph, W: Work<G>> Slots<G, W> {
    /// Polls the slots that were woken.
    pub(super) fn poll_ready(
        mut self: Pin<&mut Self>,
        engine: Pin<&PinnedEngine<G>>,
        inside: &Inside<G>,
    ) {
        let core = engine.get_ref().engine().core();
        // A waker that the last handler left behind may wake an idle slot. Then there is no work.
        let first_is_busy = self.as_mut().project().state.first.busy;
        if core.wake_state.take_first() && first_is_busy && !inside.has_ended() {
            self.as_mut().poll_first(engine, inside);
        }
        if !core.wake_state.has_others() {
            return;
        }
        let state = self.project().state;
        if const { G::DESC.stages_finish } {
            state.others.get_or_insert_default();
        }
        let Some(others) = state.others.as_mut() else {
            // The slots were given back, and a waker that a handler of theirs left behind came
            // later. Without this, its work would never be done.
            core.wake_state.take_others(&mut Vec::new());
            return;
        };
        let mut ready = std::mem::take(&mut others.ready);
        core.wake_state.take_others(&mut ready);
        let mut polled = 0;
        for &slot in &ready {
            // The others follow in the next poll: a `put` would find no budget, and be polled
            // again.
            if inside.budget.get() == 0 && !inside.has_ended() {
                break;
            }
            polled += 1;
            if const { G::DESC.stages_finish } && slot == GIVEN_UP {
                others.poll_given_up(core, inside);
            }
            let busy = others.slots.get(slot).is_some_and(|other| {
                other.waker.unlist();
                other.suspended.busy
            });
            if busy && !inside.has_ended() {
                others.poll(slot, core, inside);
            }
        }
        ready.drain(..polled);
        if !ready.is_empty() {
            core.wake_state.put_back_others(&mut ready);
        }
        others.ready = ready;
    }

    /// Gives the next event to an idle slot, or to a new one.
    pub(super) fn poll_idle(
        self: Pin<&mut Self>,
        engine: Pin<&PinnedEngine<G>>,
        inside: &Inside<G>,
    ) {
        let this = self.project();
        if !this.state.first.busy {
            return poll_first(this.first, this.work, this.state, engine, inside);
        }
        let others = this.state.others.get_or_insert_default();
        let core = engine.get_ref().engine().core();
        let slot = others.idle.pop().unwrap_or_else(|| {
            let slot = others.slots.len();
            others.slots.push(Other {
                work: Some(Box::pin(begin(this.work, engine))),
                waker: SlotWaker::new(slot, Arc::clone(core)),
                suspended: Suspended::default(),
            });
            slot
        });
        if others.empty > 0 {
            others.fill(slot, || Box::pin(begin(this.work, engine)));
        }
        others.poll(slot, core, inside);
    }

    fn poll_first(self: Pin<&mut Self>, engine: Pin<&PinnedEngine<G>>, inside: &Inside<G>) {
        let this = self.project();
        poll_first(this.first, this.work, this.state, engine, inside);
    }
}

fn poll_first<G: Graph, W: Work<G>>(
    mut first: Pin<&mut Option<W::Loop>>,
    work: &W,
    state: &mut SlotState<G, W::Loop>,
    engine: Pin<&PinnedEngine<G>>,
    inside: &Inside<G>,
) {
    let core = engine.get_ref().engine().core();
    if !state.begun {
        state.begun = true;
        first.set(Some(begin(work, engine)));
        if let Some(watch) = core.watch.get() {
            watch.tell_started();
        }
    }
    if let Some(work) = first.as_pin_mut() {
        note_slot(inside, 0);
        poll_slot(work, &waker_ref(core), &mut state.first, core, inside);
    }
}
