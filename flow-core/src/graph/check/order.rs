//! An order of the clauses in which what leads to a clause comes before it, as far as there is one.

use crate::graph::check::connections::Connections;
use crate::graph::check::rescued::{has_rescues, rescue_of};
use crate::graph::desc::{GraphDesc, TriggerDesc};

struct Order<'a, const N: usize, const W: usize> {
    graph: &'a GraphDesc,
    connections: &'a Connections<N, W>,
    has_rescues: bool,
    /// How many causes of the clause have no place yet.
    causes: [u32; N],
    is_placed: [bool; N],
    /// Those that have a place, in their order.
    placed: [usize; N],
    count: usize,
}

/// The clauses in such an order. In a cycle, the first clause of the text comes first.
pub(super) const fn causes_first<const N: usize, const W: usize>(
    graph: &GraphDesc,
    connections: &Connections<N, W>,
) -> [usize; N] {
    let mut order = Order {
        graph,
        connections,
        has_rescues: has_rescues(graph),
        causes: [0; N],
        is_placed: [false; N],
        placed: [0; N],
        count: 0,
    };
    order.find();
    order.placed
}

impl<const N: usize, const W: usize> Order<'_, N, W> {
    const fn find(&mut self) {
        let mut i = 0;
        while i < N {
            self.effects(i, true);
            i += 1;
        }
        let mut i = 0;
        while i < N {
            if self.causes[i] == 0 {
                self.place(i);
            }
            i += 1;
        }
        let (mut done, mut rest) = (0, 0);
        while done < N {
            if done == self.count {
                while self.is_placed[rest] {
                    rest += 1;
                }
                self.place(rest);
            }
            self.effects(self.placed[done], false);
            done += 1;
        }
    }

    const fn place(&mut self, clause: usize) {
        if !self.is_placed[clause] {
            self.is_placed[clause] = true;
            self.placed[self.count] = clause;
            self.count += 1;
        }
    }

    /// Counts the clause as a cause of those that it leads to, or no longer.
    const fn effects(&mut self, clause: usize, counts: bool) {
        let of_clause = &self.graph.clauses[clause];
        let mut handlers = of_clause.handlers;
        while let Some((handler, rest)) = handlers.split_first() {
            let mut event = 0;
            while event < handler.emits.len() {
                self.emitted(handler.emits[event].id, counts);
                event += 1;
            }
            if self.has_rescues && handler.can_fail && of_clause.trigger.is_rescued() {
                self.effect(rescue_of(self.graph, handler), counts);
            }
            handlers = rest;
        }
        let mut emits = of_clause.emits;
        while let Some((events, rest)) = emits.split_first() {
            let mut event = 0;
            while event < events.len() {
                self.emitted(events[event].id, counts);
                event += 1;
            }
            emits = rest;
        }
        // What follows a clause belongs to it: the answer to its question, or its `else`.
        if clause + 1 < N
            && let TriggerDesc::Answered(_) | TriggerDesc::Unanswered(_) | TriggerDesc::LeftOver(_) =
                self.graph.clauses[clause + 1].trigger
        {
            self.effect(clause + 1, counts);
        }
    }

    const fn emitted(&mut self, event: u64, counts: bool) {
        let mut wait = self.connections.first(event);
        while wait < W {
            self.effect(self.connections.waits[wait].clause, counts);
            wait = self.connections.waits[wait].next;
        }
    }

    const fn effect(&mut self, clause: usize, counts: bool) {
        if clause == N {
            return;
        }
        if counts {
            self.causes[clause] += 1;
        } else {
            self.causes[clause] -= 1;
            if self.causes[clause] == 0 {
                self.place(clause);
            }
        }
    }
}
