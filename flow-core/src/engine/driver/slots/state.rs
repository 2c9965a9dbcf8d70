//! What the slots of a driver come to together: whether anything runs in them, and what that waits
//! for.

use crate::engine::core::Core;
use crate::engine::driver::deadlines::Deadlines;
use crate::engine::driver::slots::others::Others;
use crate::engine::driver::slots::slot::Suspended;
use crate::engine::inside::Inside;
use crate::macro_support::drop::Rare;
use crate::macro_support::graph::Graph;

pub(super) struct SlotState<G: Graph, F> {
    /// The first loop was made.
    pub(super) begun: bool,
    /// The execution has ended, and its handlers were dropped.
    pub(super) finished: bool,
    pub(super) first: Suspended,
    pub(super) others: Rare<Others<G, F>>,
    /// Present if the execution has to do anything at a certain time.
    pub(super) deadlines: Rare<Deadlines>,
}

impl<G: Graph, F> SlotState<G, F> {
    /// Gives the slots besides the first back while nothing runs, and more if the execution waits
    /// for an answer. While few handlers run, the loops of the others are given back.
    #[inline]
    pub(super) fn give_back_room(&mut self, core: &Core<G>, inside: &Inside<G>) {
        if !self.is_busy() {
            self.give_back_all_room(core, inside);
        } else if let Some(others) = self.others.as_mut() {
            others.give_back_loops();
        }
    }

    fn give_back_all_room(&mut self, core: &Core<G>, inside: &Inside<G>) {
        // A waker that one of their handlers left behind may wake a later slot of the same number.
        *self.others = None;
        if const { G::DESC.asks() } && core.has_questions() {
            core.give_back_room(inside);
        }
    }

    /// Whether the execution waits for answers, and for nothing else: no handler is suspended,
    /// except in slots whose stages wait for the outside.
    pub(super) fn waits_for_outside(&self, core: &Core<G>, inside: &Inside<G>) -> bool {
        if self.has_given_up() {
            return false;
        }
        let others = self.others.as_ref();
        let others = others.map_or(0, |others| others.slots.len() - others.idle.len());
        match others + usize::from(self.first.busy) {
            0 => core.has_questions(),
            busy => G::DESC.stages_wait() && core.waiting_slots(inside) == busy,
        }
    }

    /// Whether a handler is suspended, or a stage that was given up finishes.
    pub(super) fn is_busy(&self) -> bool {
        let others = self.others.as_ref();
        self.first.busy
            || others.is_some_and(|others| others.idle.len() < others.slots.len())
            || self.has_given_up()
    }

    /// Whether the execution of a stage that was given up finishes.
    #[inline]
    pub(super) fn has_given_up(&self) -> bool {
        let may_have = const { G::DESC.stages_finish };
        may_have
            && self.others.as_ref().is_some_and(|others| {
                let given_up = others.given_up.as_ref();
                given_up.is_some_and(|given_up| !given_up.is_empty())
            })
    }
}
