//! Whether one of some events comes at most once in an execution, even after a loop.
//!
//! Each such event has a weight of one, and so has each event that leads to one with a weight. If
//! no way through a clause emits more weight than the clause takes, and `start` emits one at most,
//! the weight of all is never more than one.

use crate::graph::check::rescued::may_fail;
use crate::graph::check::sound::memory::NOWHERE;
use crate::graph::check::sound::most::{MANY, greater, plus, times_of};
use crate::graph::check::sound::net::Net;
use crate::graph::check::sound::output::Around;
use crate::graph::desc::{HandlerDesc, StageDesc, TriggerDesc};
use crate::graph::event::EventDesc;
use crate::graph::shape::Alternative;

impl Net<'_> {
    /// Forgets the weights.
    pub(super) const fn clear_weights(&mut self) {
        let mut w = 0;
        while w < self.waits.len() {
            self.waits[w].weighs = false;
            self.waits[w].is_target = false;
            w += 1;
        }
        let mut i = 0;
        while i < self.slots.len() {
            self.slots[i].weight = 0;
            i += 1;
        }
    }

    /// The event with this first wait is one of those that are asked for.
    pub(super) const fn set_target(&mut self, first: usize) {
        self.waits[first].weighs = true;
        self.waits[first].is_target = true;
    }

    /// Whether one of the targets comes at most once in an execution; or, with `of` a clause, once
    /// before its first run and once after each.
    pub(super) const fn comes_singly(&mut self, of: usize) -> bool {
        // Without a cycle, one pass is enough if causes come last, in whatever order the clauses
        // are written. Partners may be taken for those with a weight in the one order and not the
        // other.
        if self.slots[0].ordered {
            if self.is_never_more(of, true) {
                return true;
            }
            self.keep_targets();
        }
        self.is_never_more(of, false)
    }

    /// Forgets the weights of all but the targets.
    const fn keep_targets(&mut self) {
        let mut w = 0;
        while w < self.waits.len() {
            self.waits[w].weighs = self.waits[w].is_target;
            w += 1;
        }
        let mut i = 0;
        while i < self.slots.len() {
            self.slots[i].weight = 0;
            i += 1;
        }
    }

    /// Whether the weight of all is never more than one, where the clauses are looked at in the
    /// order of the text or in that of their causes, from the last to the first.
    const fn is_never_more(&mut self, of: usize, in_order: bool) -> bool {
        let mut changed = true;
        while changed {
            changed = false;
            let passes = if in_order {
                &mut self.passes_in_order
            } else {
                &mut self.passes
            };
            if *passes == 0 {
                return false;
            }
            *passes -= 1;
            let mut place = self.slots.len();
            while place > 0 {
                place -= 1;
                let clause = if in_order {
                    self.slots[place].order
                } else {
                    place
                };
                let of_clause = &self.graph.clauses[clause];
                let around = Around::of(&of_clause.trigger);
                let weight = self.weight_in(of_clause.route, clause, around);
                changed |= weight != self.slots[clause].weight;
                self.slots[clause].weight = weight;
                if weight == 0 {
                    continue;
                }
                if weight >= MANY {
                    return false;
                }
                if clause == of {
                    continue;
                }
                let trigger = match &of_clause.trigger {
                    // An answer belongs to its question, and a rescue to what fails.
                    TriggerDesc::Start
                    | TriggerDesc::Rescue(_)
                    | TriggerDesc::Answered(_)
                    | TriggerDesc::Unanswered(_) => continue,
                    TriggerDesc::Event(event) | TriggerDesc::Times { event, .. } => {
                        self.first(event.id)
                    }
                    TriggerDesc::All(events) => self.part_with_weight(events),
                    _ => return false,
                };
                if trigger == NOWHERE || self.waits[trigger].is_target {
                    return false;
                }
                if !self.waits[trigger].weighs {
                    self.waits[trigger].weighs = true;
                    changed = true;
                }
            }
        }
        self.shares_no_weight(of) && !self.sends_weight()
    }

    /// The partner that has a weight already, or else the first.
    const fn part_with_weight(&self, events: &[EventDesc]) -> usize {
        let mut e = 0;
        while e < events.len() {
            let first = self.first(events[e].id);
            if first != NOWHERE && self.waits[first].weighs {
                return first;
            }
            e += 1;
        }
        self.first(events[0].id)
    }

    /// Whether no event with a weight is taken by several clauses that lead to more.
    const fn shares_no_weight(&self, of: usize) -> bool {
        let mut first = 0;
        while first < self.waits.len() {
            if self.waits[first].weighs && self.first(self.waits[first].event) == first {
                let (mut wait, mut all) = (first, 0);
                while wait != NOWHERE {
                    let clause = self.waits[wait].clause;
                    if clause != of {
                        all = plus(all, self.slots[clause].weight);
                    }
                    wait = self.waits[wait].next;
                }
                if all >= MANY {
                    return false;
                }
            }
            first += 1;
        }
        true
    }

    /// Whether an event with a weight comes from outside.
    const fn sends_weight(&self) -> bool {
        let mut i = 0;
        while i < self.graph.external.len() {
            let first = self.first(self.graph.external[i].id);
            if first != NOWHERE && self.waits[first].weighs {
                return true;
            }
            i += 1;
        }
        false
    }

    /// The greatest weight that a run of the route emits.
    const fn weight_in(&self, mut route: &[StageDesc], clause: usize, around: Around) -> u8 {
        let mut all = 0;
        while let Some((stage, rest)) = route.split_first() {
            all = plus(all, self.weight_at(stage, clause, around));
            route = rest;
        }
        all
    }

    const fn weight_at(&self, stage: &StageDesc, clause: usize, around: Around) -> u8 {
        match stage {
            StageDesc::Handler(handler) => {
                let (success, failure) = self.weight_by(handler, around);
                greater(success, failure)
            }
            StageDesc::Emit { events, shape } => self.weight_of(events, shape.success),
            StageDesc::Join(branches) | StageDesc::First(branches) => {
                let (mut branches, mut all) = (*branches, 0);
                while let Some((branch, rest)) = branches.split_first() {
                    all = plus(all, self.weight_in(branch, clause, around));
                    branches = rest;
                }
                all
            }
            StageDesc::Choice(arms) => {
                let (mut arms, mut all) = (*arms, 0);
                while let Some((arm, rest)) = arms.split_first() {
                    all = greater(all, self.weight_in(arm.route, clause, around));
                    arms = rest;
                }
                all
            }
            StageDesc::Each { route, .. } => times_of(self.weight_in(route, clause, around), MANY),
            StageDesc::Else { route, stand_in } => {
                let tried = Around {
                    has_else: true,
                    ..around
                };
                let stand_in = self.weight_in(stand_in, clause, around);
                match route {
                    [StageDesc::Handler(handler)] => {
                        let (success, failure) = self.weight_by(handler, tried);
                        greater(success, plus(failure, stand_in))
                    }
                    _ => plus(self.weight_in(route, clause, tried), stand_in),
                }
            }
            StageDesc::Ask { .. } => {
                let (mut answer, mut all) = (clause + 1, 0);
                while answer < self.slots.len() && self.follows(answer) {
                    all = greater(all, self.slots[answer].weight);
                    answer += 1;
                }
                all
            }
            _ => 0,
        }
    }

    /// The weight of a call that succeeds, and of one that fails.
    const fn weight_by(&self, handler: &HandlerDesc, around: Around) -> (u8, u8) {
        let success = self.weight_of(handler.emits, handler.shape.success);
        let mut failure = self.weight_of(handler.emits, handler.shape.failure);
        // A timeout may come after everything is emitted.
        if handler.may_be_cut_short() {
            failure = greater(success, failure);
        }
        let repeated = if handler.emits_again() { failure } else { 0 };
        if !around.has_else && may_fail(handler) {
            let rescue = self.rescue_of(handler, around.in_rescue);
            if rescue != NOWHERE {
                failure = plus(failure, self.slots[rescue].weight);
            }
        }
        let repeated = times_of(repeated, MANY);
        (plus(success, repeated), plus(failure, repeated))
    }

    const fn weight_of(&self, events: &[EventDesc], mut all: &[Alternative]) -> u8 {
        let mut most = 0;
        while let Some((alternative, rest)) = all.split_first() {
            let (mut weight, mut e) = (0, 0);
            while e < events.len() {
                let first = self.first(events[e].id);
                if first != NOWHERE && self.waits[first].weighs {
                    let times = match alternative.count(e).most {
                        Some(0) => 0,
                        Some(1) => 1,
                        _ => MANY,
                    };
                    weight = plus(weight, times);
                }
                e += 1;
            }
            most = greater(most, weight);
            all = rest;
        }
        most
    }
}
