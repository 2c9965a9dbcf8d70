//! Whether an execution waits for the outside: for answers, or in stages that do.

use std::collections::VecDeque;

use crate::engine::core::Core;
use crate::engine::inside::Inside;
use crate::handler::router::PolledSlot;
use crate::macro_support::graph::Graph;

impl<G: Graph> Core<G> {
    /// Whether a handle of an outer execution can answer a question of this one, by its number.
    #[inline]
    pub(crate) fn is_answerable_by_number(&self) -> bool {
        let asks = const { G::DESC.asks() };
        let tree = self.tree.as_ref().filter(|_| asks);
        tree.is_some_and(|tree| self.has_questions() && tree.has_answerers())
    }

    /// Whether the question waits.
    pub(crate) fn waits_for_answer(&self, number: u64) -> bool {
        self.with_outside(|outside| outside.questions.contains(number))
    }

    /// Whether any question waits.
    pub(crate) fn has_questions(&self) -> bool {
        self.has_outside() && self.with_outside(|outside| !outside.questions.is_empty())
    }

    /// In how many slots of this execution stages wait for the outside, and no handler runs beside
    /// them.
    pub(crate) fn waiting_slots(&self, inside: &Inside<G>) -> usize {
        let waits = |slot, stages| inside.running_beside(slot) <= stages;
        let tree = self.tree.as_ref();
        tree.map_or(0, |tree| tree.waiting_slots(self.address(), waits))
    }

    /// Whether a stage in the slot waits for the outside, and no handler runs beside it.
    pub(crate) fn stage_waits_in(&self, inside: &Inside<G>, slot: u32) -> bool {
        let execution = self.address();
        let Some(tree) = &self.tree else { return false };
        let stages = tree.waiting_in(PolledSlot { execution, slot });
        stages > 0 && inside.running_beside(slot) <= stages
    }

    /// Gives back what an execution needs again only after an answer. Most wait for days.
    #[cold]
    pub(crate) fn give_back_room(&self, inside: &Inside<G>) {
        inside.give_back_room();
        self.with_outside(|outside| {
            if outside.events.is_empty() {
                outside.events = VecDeque::new();
            }
            outside.give_back_outbox();
        });
    }
}
