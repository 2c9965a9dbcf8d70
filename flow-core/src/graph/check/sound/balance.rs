//! Whether nothing is left over: each clause that waits for several events gets as many of each.
//!
//! The number of times that a clause runs, in an execution that comes to its end, is a linear form:
//! a sum of variables, such as how often the outside sends an event, how many items an `each` has,
//! or how often a call goes one way and not the other. Two events come equally often if their forms
//! are equal. `forms.rs` says how a form is kept.

use crate::graph::check::sound::counted::Counted;
use crate::graph::check::sound::forms::{common_divisor, inverse, plus, times_of};
use crate::graph::check::sound::memory::NOWHERE;
use crate::graph::check::sound::net::Net;
use crate::graph::check::sound::output::Around;
use crate::graph::desc::TriggerDesc;

/// How many times the number of activations of another clause a multiple may be.
const MULTIPLES: u64 = 4;

impl Net<'_> {
    /// Finds the clauses of which nothing is left over, in the order of [`Net::find_order`]. Where
    /// there is a cycle, the number of its activations is a variable.
    pub(super) const fn find_balance(&mut self) {
        let mut i = 0;
        while i < self.graph.external.len() {
            let first = self.first(self.graph.external[i].id);
            if first != NOWHERE {
                let sent = self.variable();
                self.add(first, sent, 1);
            }
            i += 1;
        }
        let mut i = 0;
        while i < self.slots.len() {
            self.count_clause(self.slots[i].order);
            i += 1;
        }
        let mut i = 0;
        while i < self.slots.len() {
            if self.slots[i].on_cycle {
                self.slots[i].balanced = self.is_balanced(i);
            }
            i += 1;
        }
    }

    /// Counts what the clause emits.
    const fn count_clause(&mut self, clause: usize) {
        let of_clause = &self.graph.clauses[clause];
        let count = match of_clause.trigger {
            TriggerDesc::Event(event) => self.comes_on_cycle(event.id, self.slots[clause].on_cycle),
            _ if self.slots[clause].on_cycle => self.variable(),
            TriggerDesc::Rescue(_) | TriggerDesc::Answered(_) | TriggerDesc::Unanswered(_) => {
                self.slots[clause].count
            }
            TriggerDesc::All(_) | TriggerDesc::Times { .. } if self.is_balanced(clause) => {
                self.slots[clause].balanced = true;
                self.runs_of(clause)
            }
            _ => self.variable(),
        };
        self.slots[clause].count = count;
        self.slots[clause].is_counted = true;
        let counted = Counted {
            around: Around::of(&of_clause.trigger),
            uncertain: false,
        };
        let mut failed = 0;
        self.count_route(of_clause.route, clause, count, counted, &mut failed);
    }

    /// How often the event comes. If a cycle begins with it, that is a variable, and the same one
    /// for all its clauses.
    const fn comes_on_cycle(&mut self, event: u64, begins: bool) -> u64 {
        let first = self.first(event);
        if begins && self.waits[first].assumed == 0 {
            self.waits[first].assumed = self.variable();
        }
        match self.waits[first].assumed {
            0 => self.waits[first].total,
            assumed => assumed,
        }
    }

    /// Whether both events come equally often.
    const fn come_alike(&self, one: u64, other: u64) -> bool {
        let (one, other) = (self.first(one), self.first(other));
        if one == NOWHERE || other == NOWHERE {
            return one == other;
        }
        let (one, other) = (&self.waits[one], &self.waits[other]);
        one.total == other.total
            || (one.assumed != 0 && (one.assumed == other.total || one.assumed == other.assumed))
            || (other.assumed != 0 && other.assumed == one.total)
    }

    /// How often the event comes.
    const fn total(&self, event: u64) -> u64 {
        match self.first(event) {
            NOWHERE => 0,
            first => self.waits[first].total,
        }
    }

    /// Whether as many come of each event that the clause waits for.
    const fn is_balanced(&self, clause: usize) -> bool {
        match &self.graph.clauses[clause].trigger {
            TriggerDesc::All(events) => {
                let mut i = 1;
                while i < events.len() {
                    if !self.come_alike(events[0].id, events[i].id) {
                        return false;
                    }
                    i += 1;
                }
                true
            }
            TriggerDesc::Times { event, number, .. } => {
                let count = *number as u64;
                let first = self.first(event.id);
                if count == 0 || first == NOWHERE {
                    return false;
                }
                self.waits[first].divisor.is_multiple_of(count)
                    || self.is_multiple(self.waits[first].total, count)
            }
            _ => true,
        }
    }

    /// Whether the total is a multiple of `count`, because it is one of how often a clause runs.
    const fn is_multiple(&self, total: u64, count: u64) -> bool {
        let mut clause = 0;
        while clause < self.slots.len() {
            if self.slots[clause].is_counted {
                let mut times = 1;
                while times <= MULTIPLES {
                    if times_of(self.slots[clause].count, times * count) == total {
                        return true;
                    }
                    times += 1;
                }
            }
            clause += 1;
        }
        false
    }

    /// Whether the clause waits for as many events as `count` runs of the other one lead to.
    pub(super) const fn is_as_many(&self, clause: usize, other: usize, count: u64) -> bool {
        match &self.graph.clauses[clause].trigger {
            TriggerDesc::Times { event, .. } => {
                times_of(self.slots[other].count, count) == self.total(event.id)
            }
            _ => false,
        }
    }

    /// How often a clause runs of which nothing is left over.
    const fn runs_of(&mut self, clause: usize) -> u64 {
        match &self.graph.clauses[clause].trigger {
            TriggerDesc::All(events) => self.comes_on_cycle(events[0].id, false),
            TriggerDesc::Times { event, number, .. } => {
                times_of(self.total(event.id), inverse(*number as u64))
            }
            _ => self.variable(),
        }
    }

    /// The event with this first wait comes `times` times more in each of `count` calls.
    pub(super) const fn add(&mut self, first: usize, count: u64, times: u64) {
        let wait = &mut self.waits[first];
        wait.total = plus(wait.total, times_of(count, times));
        wait.divisor = common_divisor(wait.divisor, times);
    }
}
