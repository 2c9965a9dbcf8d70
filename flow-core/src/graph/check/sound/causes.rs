//! What leads to each clause, and an order in which causes come first.

use crate::graph::check::rescued::may_fail;
use crate::graph::check::sound::memory::{Edge, NOWHERE};
use crate::graph::check::sound::net::Net;
use crate::graph::check::sound::output::Around;
use crate::graph::desc::{HandlerDesc, StageDesc, TriggerDesc};
use crate::graph::event::EventDesc;

impl Net<'_> {
    /// Finds an order of the clauses in which the causes of a clause come before it, as far as
    /// there is no cycle.
    pub(super) const fn find_order(&mut self) {
        self.note_edges();
        let (mut done, mut found, mut i) = (0, 0, 0);
        while i < self.slots.len() {
            if self.slots[i].causes == 0 {
                self.slots[found].order = i;
                self.slots[i].ordered = true;
                found += 1;
            }
            i += 1;
        }
        while done < self.slots.len() {
            if done == found {
                let clause = self.first_of_cycle();
                self.slots[found].order = clause;
                self.slots[clause].ordered = true;
                self.slots[clause].on_cycle = true;
                self.has_cycles = true;
                found += 1;
            }
            found = self.release(self.slots[done].order, found);
            done += 1;
        }
    }

    /// The clause to begin a cycle with: one that something leads to already.
    const fn first_of_cycle(&self) -> usize {
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

    /// Notes what each clause leads to, and counts the causes of each.
    const fn note_edges(&mut self) {
        let (mut clause, mut edges) = (0, 0);
        while clause < self.slots.len() {
            let of_clause = &self.graph.clauses[clause];
            self.slots[clause].first_edge = edges;
            let mut h = 0;
            while h < of_clause.handlers.len() {
                edges = self.note_emits(clause, of_clause.handlers[h].emits, edges);
                h += 1;
            }
            let mut s = 0;
            while s < of_clause.emits.len() {
                edges = self.note_emits(clause, of_clause.emits[s], edges);
                s += 1;
            }
            let mut h = 0;
            while self.has_rescues && h < of_clause.handlers.len() {
                let rescue = self.rescue_from(clause, &of_clause.handlers[h]);
                if rescue != NOWHERE {
                    self.slots[rescue].causes += 1;
                    self.edges[edges] = Edge {
                        clause: rescue,
                        handler: h,
                        ..Edge::NEW
                    };
                    edges += 1;
                }
                h += 1;
            }
            // The clause before leads to it.
            if self.follows(clause) {
                self.slots[clause].causes += 1;
            }
            let mut answer = clause + 1;
            while self.asks(clause) && answer < self.slots.len() && self.follows(answer) {
                self.edges[edges] = Edge {
                    clause: answer,
                    ..Edge::NEW
                };
                edges += 1;
                answer += 1;
            }
            self.slots[clause].last_edge = edges;
            clause += 1;
        }
    }

    /// Notes the events that the clause emits. One that several handlers emit is noted once.
    const fn note_emits(
        &mut self,
        clause: usize,
        mut events: &[EventDesc],
        mut edges: usize,
    ) -> usize {
        while let Some((event, rest)) = events.split_first() {
            let first = self.first(event.id);
            if first != NOWHERE && self.waits[first].noted_for != clause {
                self.waits[first].noted_for = clause;
                self.edges[edges].wait = first;
                edges += 1;
                let mut wait = first;
                while wait != NOWHERE {
                    self.slots[self.waits[wait].clause].causes += 1;
                    wait = self.waits[wait].next;
                }
            }
            events = rest;
        }
        edges
    }

    /// Whether the clause asks a question.
    const fn asks(&self, clause: usize) -> bool {
        matches!(self.graph.clauses[clause].route, [StageDesc::Ask { .. }])
    }

    /// Adds the clauses to the order whose causes are all in it.
    const fn release(&mut self, clause: usize, mut found: usize) -> usize {
        let (mut e, last) = (self.slots[clause].first_edge, self.slots[clause].last_edge);
        while e < last {
            let edge = &self.edges[e];
            let mut wait = edge.wait;
            if edge.handler != NOWHERE {
                found = self.release_one(edge.clause, found);
            }
            while wait != NOWHERE {
                found = self.release_one(self.waits[wait].clause, found);
                wait = self.waits[wait].next;
            }
            e += 1;
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

    const fn rescue_from(&self, clause: usize, handler: &HandlerDesc) -> usize {
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
