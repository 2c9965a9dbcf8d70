//! The slots at the end of an execution, and before its `finally`: their handlers are dropped.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;

use crate::engine::core::Core;
use crate::engine::driver::borrow::{PinnedEngine, Work};
use crate::engine::driver::given_up::GIVEN_UP;
use crate::engine::driver::slots::Slots;
use crate::engine::driver::slots::slot::{Suspended, begin};
use crate::engine::driver::slots::state::SlotState;
use crate::engine::ending::Ending;
use crate::engine::inside::Inside;
use crate::error::FlowError;
use crate::macro_support::drop::{drop_catching, drop_each_catching, drop_payload};
use crate::macro_support::graph::Graph;

impl<G: Graph, W: Work<G>> Slots<G, W> {
    /// Drops the handlers and what waits for them. What is left to do is the `finally` of stages,
    /// and then that of the flow.
    #[cold]
    pub(super) fn begin_finalizing(
        self: Pin<&mut Self>,
        engine: Pin<&PinnedEngine<G>>,
        inside: &Inside<G>,
    ) {
        let this = self.project();
        let (mut first, state) = (this.first, this.state);
        *state.deadlines = None;
        drop_handlers(first.as_mut(), state, inside);
        inside.none_beside();
        state.first = Suspended::default();
        if state.begun {
            first.set(Some(begin(this.work, engine)));
        }
        let core = engine.get_ref().engine().core();
        core.begin_finalizing(inside);
        if const { G::DESC.stages_finish } {
            state.others.get_or_insert_default().take_over(core);
            // They were not polled since the ending was decided.
            core.wake_state.set_other(GIVEN_UP);
        }
    }

    /// Ends an execution whose clause does not wait for it any more, as its drop does. Returns
    /// whether it still has a `finally` to run, or a stage has.
    #[cold]
    pub(in crate::engine::driver) fn give_up(
        mut self: Pin<&mut Self>,
        engine: Pin<&PinnedEngine<G>>,
        inside: &Inside<G>,
    ) -> bool {
        let state = self.as_mut().project().state;
        if state.finished || !state.begun || !inside.is_open() {
            return false;
        }
        if !inside.finalizing.get() {
            inside.end(Ending::Failed(FlowError::cancelled()));
            self.as_mut().begin_finalizing(engine, inside);
            // Its reader is gone.
            let items = std::mem::take(&mut inside.buffer.borrow_mut().items);
            drop_each_catching(items);
        }
        G::DESC.finally.is_some() || self.project().state.has_given_up()
    }

    /// Drops the handlers and everything that is left. The calling thread has entered `inside`.
    pub(in crate::engine::driver) fn finish(
        self: Pin<&mut Self>,
        core: &Arc<Core<G>>,
        inside: &Inside<G>,
    ) {
        let alone = !core.has_emitters();
        let this = self.project();
        let (first, state) = (this.first, this.state);
        if std::mem::replace(&mut state.finished, true) {
            return;
        }
        core.close();
        if state.deadlines.is_some() {
            *state.deadlines = None;
        }
        drop_handlers(first, state, inside);
        if const { G::DESC.stages_finish } {
            *state.others = None;
            drop_each_catching(core.take_given_up());
        }
        inside.end_without_finally();
        core.finish(inside, alone, Arc::strong_count(core) == 1);
        if let Some(watch) = core.watch.get() {
            watch.tell_ended(inside.ending.get().as_ref());
        }
    }
}

#[inline(always)]
#[allow(
    clippy::inline_always,
    reason = "a call saves and restores more than is left to do in most executions"
)]
fn drop_handlers<G: Graph, F>(
    mut first: Pin<&mut Option<F>>,
    state: &mut SlotState<G, F>,
    inside: &Inside<G>,
) {
    let span = &mut state.first.span;
    let dropped = catch_unwind(AssertUnwindSafe(|| {
        let _entered = inside.span.enter(span);
        first.set(None);
    }));
    // Ignores a panic, like `drop_catching`.
    if let Err(payload) = dropped {
        drop_payload(payload);
    }
    std::mem::take(span).close();
    if let Some(mut others) = state.others.take() {
        for mut other in others.slots.drain(..) {
            let _entered = inside.span.enter(&mut other.suspended.span);
            drop_catching(other.work);
        }
        if others.given_up.is_some() {
            others.idle.clear();
            *state.others = Some(others);
        }
    }
}
