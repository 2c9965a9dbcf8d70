//! What a driver does next, after it has polled the ready slots.

use std::task::Context;

use crate::engine::core::Core;
use crate::engine::driver::slots::state::SlotState;
use crate::engine::inside::Inside;
use crate::engine::inside::times::has_ticks;
use crate::macro_support::graph::Graph;

/// The driver's next action after it has polled the ready slots.
pub(super) enum Action {
    /// Give the next event to an idle slot.
    Event,
    Again,
    Yield,
    Sleep,
    /// Run the `finally`.
    Finally,
    End,
}

impl<G: Graph, F> SlotState<G, F> {
    #[inline]
    pub(super) fn next_action(
        &self,
        core: &Core<G>,
        inside: &Inside<G>,
        cx: &Context<'_>,
    ) -> Action {
        if inside.has_ended() {
            return Action::End;
        }
        if inside.budget.get() == 0 {
            return Action::Yield;
        }
        let is_ending = core.is_ending();
        if is_ending && core.give_up_questions(inside) {
            return Action::Again;
        }
        if inside.has_next() {
            return Action::Event;
        }
        if const { G::DESC.asks_in_place || G::DESC.splits }
            && self.is_busy()
            && self.waits_for_outside(core, inside)
            && !core.is_awaited(is_ending)
        {
            // What has the last `Asked` may have answered before it dropped it.
            if core.wake_state.has_news()
                || core.wake_state.has_work()
                || core.give_up_questions(inside)
            {
                return Action::Again;
            }
        }
        // Looked at once: an emitter that is dropped later may have sent something before.
        let rests = !self.is_busy() && !core.is_awaited(is_ending);
        if rests {
            // An emitter may have sent something before it was dropped.
            if core.wake_state.has_news() {
                return Action::Again;
            }
            if const { G::DESC.stages_finish } && core.wake_state.has_others() {
                // A stage may have been given up.
                return Action::Again;
            }
            if G::DESC.finally.is_some() && inside.finalizing.get() && !inside.in_finally.get() {
                return Action::Finally;
            }
        }
        // What is not durable yet may lead to more.
        if rests && !inside.awaits_commit() {
            if core.give_up_questions(inside) {
                return Action::Again;
            }
            // A clock keeps the execution open until its end is decided.
            if !has_ticks::<G>() || is_ending {
                if core.take_left_over(inside) || (is_ending && !core.close_if_quiet()) {
                    return Action::Again;
                }
                inside.run_out();
                return Action::End;
            }
        }
        core.flush_outbox(inside);
        if inside.has_items_here() {
            // The reader polls again by itself.
            return Action::Sleep;
        }
        if core.wake_state.has_work() || core.pass_on_places(inside) {
            return Action::Again;
        }
        if !core.wake_state.fall_asleep(cx.waker()) {
            return Action::Again;
        }
        if core.check_reader(inside) {
            core.wake_state.mark_awake();
            return Action::Again;
        }
        Action::Sleep
    }
}
