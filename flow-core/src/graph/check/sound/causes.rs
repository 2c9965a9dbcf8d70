//! What leads to each clause: how many causes it has, and which clauses may be counted once those
//! of another one have been.

use crate::graph::check::rescued::may_fail;
use crate::graph::check::sound::net::{NOWHERE, Net};
use crate::graph::check::sound::output::Around;
use crate::graph::desc::{HandlerDesc, TriggerDesc};

impl Net<'_> {
    /// The clause to begin a cycle with: one that something leads to already.
    pub(super) const fn first_of_cycle(&self) -> usize {
        let (mut any, mut i) = (NOWHERE, 0);
        while i < self.slots.len() {
            if !self.slots[i].ordered {
                if self.slots[i].is_caused {
                    return i;
                }
                if any == NOWHERE {
                    any = i;
                }
            }
            i += 1;
        }
        any
    }

    /// Counts the causes of each clause.
    pub(super) const fn note_causes(&mut self) {
        let mut clause = 0;
        while clause < self.slots.len() {
            let mut number = 0;
            while let Some((_, mut wait)) = self.effect(clause, number) {
                while wait != NOWHERE {
                    self.slots[self.waits[wait].clause].causes += 1;
                    wait = self.waits[wait].next;
                }
                number += 1;
            }
            let mut handlers = self.graph.clauses[clause].handlers;
            while let Some((handler, rest)) = handlers.split_first() {
                let rescue = self.rescue_from(clause, handler);
                if rescue != NOWHERE {
                    self.slots[rescue].causes += 1;
                }
                handlers = rest;
            }
            if self.follows(clause) {
                self.slots[clause].causes += 1;
            }
            clause += 1;
        }
    }

    /// Adds the clauses to the order whose causes have all been counted.
    pub(super) const fn release(&mut self, clause: usize, mut found: usize) -> usize {
        let mut number = 0;
        while let Some((_, mut wait)) = self.effect(clause, number) {
            while wait != NOWHERE {
                found = self.release_one(self.waits[wait].clause, found);
                wait = self.waits[wait].next;
            }
            number += 1;
        }
        let mut handlers = self.graph.clauses[clause].handlers;
        while let Some((handler, rest)) = handlers.split_first() {
            let rescue = self.rescue_from(clause, handler);
            if rescue != NOWHERE {
                found = self.release_one(rescue, found);
            }
            handlers = rest;
        }
        if clause + 1 < self.slots.len() && self.follows(clause + 1) {
            found = self.release_one(clause + 1, found);
        }
        found
    }

    const fn release_one(&mut self, clause: usize, found: usize) -> usize {
        let slot = &mut self.slots[clause];
        slot.is_caused = true;
        slot.causes -= 1;
        if slot.causes > 0 || slot.ordered {
            return found;
        }
        slot.ordered = true;
        self.slots[found].order = clause;
        found + 1
    }

    /// The event with this number that the clause may emit, and the first wait for it, [`NOWHERE`]
    /// if no clause waits for it; `None` after the last.
    pub(super) const fn effect(&self, clause: usize, mut number: usize) -> Option<(u64, usize)> {
        let clause = &self.graph.clauses[clause];
        let mut handlers = clause.handlers;
        while let Some((handler, rest)) = handlers.split_first() {
            if number < handler.emits.len() {
                let event = handler.emits[number].id;
                return Some((event, self.first(event)));
            }
            number -= handler.emits.len();
            handlers = rest;
        }
        let mut emits = clause.emits;
        while let Some((events, rest)) = emits.split_first() {
            if number < events.len() {
                let event = events[number].id;
                return Some((event, self.first(event)));
            }
            number -= events.len();
            emits = rest;
        }
        None
    }

    pub(super) const fn rescue_from(&self, clause: usize, handler: &HandlerDesc) -> usize {
        if !self.has_rescues || !may_fail(handler) {
            return NOWHERE;
        }
        let around = Around::of(&self.graph.clauses[clause].trigger);
        self.rescue_of(handler, around.in_rescue)
    }

    /// Whether the clause belongs to the one before: the answer to its question, or its `else`.
    pub(super) const fn follows(&self, clause: usize) -> bool {
        matches!(
            self.graph.clauses[clause].trigger,
            TriggerDesc::Answered(_) | TriggerDesc::Unanswered(_) | TriggerDesc::LeftOver(_)
        )
    }
}
