//! How often something may happen at most: pairs in the order of arrival, and calls of a handler
//! that is marked `once`.
//!
//! More than once is as much as any number.

use crate::graph::check::sound::memory::NOWHERE;
use crate::graph::check::sound::net::Net;
use crate::graph::desc::{GraphDesc, HandlerDesc, StageDesc, TriggerDesc};
use crate::graph::shape::{Alternative, Count};

/// More than once.
pub(super) const MANY: u8 = 2;

impl Net<'_> {
    /// Whether one pair at a time is under way at most for the clause, so that the order of arrival
    /// pairs what belongs together: an execution begins at most one, and each leads to at most one
    /// more.
    pub(super) const fn pairs_one_at_a_time(&mut self, clause: usize) -> bool {
        if self.slots[clause].comes_once {
            return true;
        }
        self.find_most(clause, false);
        if self.comes_once(clause) {
            self.find_most(clause, true);
            if self.comes_once(clause) {
                return true;
            }
        }
        let events = self.graph.clauses[clause].trigger.events();
        let mut e = 0;
        while e < events.len() {
            let first = self.first(events[e].id);
            self.clear_weights();
            self.set_target(first);
            if !self.comes_singly(clause) {
                return false;
            }
            e += 1;
        }
        true
    }

    /// Finds the clauses that get at most one of each of their events in an execution.
    pub(super) const fn find_single(&mut self) {
        self.count_edges();
        let (mut round, rounds) = (0, if self.has_groups { 2 } else { 1 });
        // The first round finds what clauses for several of an event depend on.
        while round < rounds {
            self.find_most(NOWHERE, false);
            let mut i = 0;
            while i < self.slots.len() {
                self.slots[i].comes_once = self.comes_once(i);
                self.slots[i].runs_once = self.slots[i].most == 1;
                i += 1;
            }
            round += 1;
        }
    }

    /// Whether at most one comes of each event that the clause waits for.
    const fn comes_once(&self, clause: usize) -> bool {
        let events = self.graph.clauses[clause].trigger.events();
        let mut e = 0;
        while e < events.len() {
            let first = self.first(events[e].id);
            if first != NOWHERE && self.waits[first].most >= MANY {
                return false;
            }
            e += 1;
        }
        true
    }

    /// Counts how often a run of each clause leads to others at most.
    const fn count_edges(&mut self) {
        let mut clause = 0;
        while clause < self.slots.len() {
            let of_clause = &self.graph.clauses[clause];
            let (mut e, last) = (self.slots[clause].first_edge, self.slots[clause].last_edge);
            while e < last {
                let edge = &self.edges[e];
                self.edges[e].times = if edge.wait != NOWHERE {
                    most_in(of_clause.route, self.waits[edge.wait].event)
                } else if edge.handler != NOWHERE {
                    calls(of_clause.route, &of_clause.handlers[edge.handler])
                } else {
                    1
                };
                e += 1;
            }
            clause += 1;
        }
    }

    /// How often each clause may run in an execution; or, with `of` a clause, after one run of that
    /// clause, or without what its runs lead to.
    pub(super) const fn find_most(&mut self, of: usize, after: bool) {
        let mut w = 0;
        while w < self.waits.len() {
            self.waits[w].most = 0;
            w += 1;
        }
        let mut i = 0;
        while i < self.slots.len() {
            self.slots[i].most = 0;
            self.slots[i].comes = 0;
            i += 1;
        }
        let mut stacked = 0;
        if after {
            self.slots[of].most = 1;
            self.slots[0].stack = of;
            stacked = 1;
        } else {
            let mut i = 0;
            while i < self.slots.len() {
                let most = match self.graph.clauses[i].trigger {
                    TriggerDesc::Start | TriggerDesc::Finally => 1,
                    TriggerDesc::Every { .. } | TriggerDesc::Reminder { .. } => MANY,
                    _ => 0,
                };
                if most > 0 && i != of {
                    self.slots[i].most = most;
                    self.slots[stacked].stack = i;
                    stacked += 1;
                }
                i += 1;
            }
            let mut i = 0;
            while i < self.graph.external.len() {
                let wait = self.first(self.graph.external[i].id);
                if wait != NOWHERE {
                    stacked = self.comes(wait, MANY, of, stacked);
                }
                i += 1;
            }
        }
        while stacked > 0 {
            stacked -= 1;
            let clause = self.slots[stacked].stack;
            self.slots[clause].stacked = false;
            let runs = self.slots[clause].most;
            let mut e = self.slots[clause].first_edge;
            while e < self.slots[clause].last_edge {
                let edge = self.edges[e];
                let times = times_of(edge.times, runs);
                if edge.wait == NOWHERE {
                    let comes = plus(self.slots[edge.clause].comes, times);
                    self.slots[edge.clause].comes = comes;
                    stacked = self.runs_at_most(edge.clause, comes, of, stacked);
                } else {
                    stacked = self.comes(edge.wait, times, of, stacked);
                }
                e += 1;
            }
        }
    }

    /// The event of this first wait comes so many times more.
    const fn comes(&mut self, first: usize, times: u8, of: usize, mut stacked: usize) -> usize {
        let most = plus(self.waits[first].most, times);
        if most == self.waits[first].most {
            return stacked;
        }
        self.waits[first].most = most;
        let mut wait = first;
        while wait != NOWHERE {
            let clause = self.waits[wait].clause;
            let runs = self.arriving(clause, wait);
            stacked = self.runs_at_most(clause, runs, of, stacked);
            let mut other = clause + 1;
            while other < self.slots.len() && self.is_left_over(other) {
                stacked = self.runs_at_most(other, most, of, stacked);
                other += 1;
            }
            wait = self.waits[wait].next;
        }
        stacked
    }

    /// The clause may run so often. What comes once more is a cycle, or two ways, so it may be any
    /// number.
    const fn runs_at_most(&mut self, clause: usize, runs: u8, of: usize, stacked: usize) -> usize {
        let slot = &mut self.slots[clause];
        if runs <= slot.most || clause == of {
            return stacked;
        }
        slot.most = if slot.most > 0 { MANY } else { runs };
        if slot.stacked {
            return stacked;
        }
        slot.stacked = true;
        self.slots[stacked].stack = clause;
        stacked + 1
    }

    /// How often the events of the clause may come, one of which is that of the wait.
    const fn arriving(&self, clause: usize, wait: usize) -> u8 {
        match &self.graph.clauses[clause].trigger {
            TriggerDesc::All(events) => {
                let (mut least, mut e) = (MANY, 0);
                while e < events.len() {
                    let first = self.first(events[e].id);
                    if first == NOWHERE {
                        return 0;
                    }
                    if self.waits[first].most < least {
                        least = self.waits[first].most;
                    }
                    e += 1;
                }
                least
            }
            TriggerDesc::Times { event, number, .. } => {
                if self.waits[self.first(event.id)].most < MANY {
                    0
                } else if self.is_of_one_run(clause, *number as u64) {
                    1
                } else {
                    MANY
                }
            }
            TriggerDesc::Event(event) => self.waits[self.first(event.id)].most,
            _ => self.waits[wait].most,
        }
    }

    /// Whether all of so many events come from a clause that runs once in an execution.
    const fn is_of_one_run(&self, clause: usize, count: u64) -> bool {
        if !self.slots[clause].balanced {
            return false;
        }
        let mut other = 0;
        while other < self.slots.len() {
            if self.slots[other].runs_once && self.is_as_many(clause, other, count) {
                return true;
            }
            other += 1;
        }
        false
    }
}

/// How often a run of the route may emit the event.
const fn most_in(mut route: &[StageDesc], event: u64) -> u8 {
    let mut all = 0;
    while let Some((stage, rest)) = route.split_first() {
        all = plus(all, most_at(stage, event));
        route = rest;
    }
    all
}

const fn most_at(stage: &StageDesc, event: u64) -> u8 {
    match stage {
        StageDesc::Handler(handler) => {
            let (success, failure) = most_by(handler, event);
            let attempts = if handler.emits_again() { MANY } else { 1 };
            greater(success, times_of(failure, attempts))
        }
        StageDesc::Emit { events, shape } => {
            let (mut all, mut e) = (0, 0);
            while e < events.len() {
                if events[e].id == event {
                    all = plus(all, most_of_all(shape.success, e));
                }
                e += 1;
            }
            all
        }
        StageDesc::Join(branches) | StageDesc::First(branches) => {
            let (mut branches, mut all) = (*branches, 0);
            while let Some((branch, rest)) = branches.split_first() {
                all = plus(all, most_in(branch, event));
                branches = rest;
            }
            all
        }
        StageDesc::Choice(arms) => {
            let (mut arms, mut all) = (*arms, 0);
            while let Some((arm, rest)) = arms.split_first() {
                all = greater(all, most_in(arm.route, event));
                arms = rest;
            }
            all
        }
        StageDesc::Each { route, .. } => times_of(most_in(route, event), MANY),
        StageDesc::Else { route, stand_in } => {
            let stand_in = most_in(stand_in, event);
            match route {
                [StageDesc::Handler(handler)] if !handler.emits_again() => {
                    let (success, failure) = most_by(handler, event);
                    greater(success, plus(failure, stand_in))
                }
                _ => plus(most_in(route, event), stand_in),
            }
        }
        _ => 0,
    }
}

/// How often a call may emit the event that succeeds, and one that fails.
const fn most_by(handler: &HandlerDesc, event: u64) -> (u8, u8) {
    let (mut success, mut failure, mut e) = (0, 0, 0);
    while e < handler.emits.len() {
        if handler.emits[e].id == event {
            success = plus(success, most_of_all(handler.shape.success, e));
            failure = plus(failure, most_of_all(handler.shape.failure, e));
        }
        e += 1;
    }
    // A timeout may come after it is emitted.
    if handler.may_be_cut_short() {
        failure = greater(success, failure);
    }
    (success, failure)
}

const fn most_of_all(mut all: &[Alternative], event: usize) -> u8 {
    let mut most = 0;
    while let Some((alternative, rest)) = all.split_first() {
        most = greater(
            most,
            match alternative.count(event) {
                Count { most: Some(0), .. } => 0,
                Count { most: Some(1), .. } => 1,
                _ => MANY,
            },
        );
        all = rest;
    }
    most
}

/// How often a run of the route may call the handler.
pub(super) const fn calls(mut route: &[StageDesc], handler: &HandlerDesc) -> u8 {
    let mut all = 0;
    while let Some((stage, rest)) = route.split_first() {
        let times = match stage {
            StageDesc::Handler(called) => calls_the_same(called, handler) as u8,
            StageDesc::Join(branches) | StageDesc::First(branches) => {
                let (mut branches, mut all) = (*branches, 0);
                while let Some((branch, rest)) = branches.split_first() {
                    all = plus(all, calls(branch, handler));
                    branches = rest;
                }
                all
            }
            StageDesc::Choice(arms) => {
                let (mut arms, mut all) = (*arms, 0);
                while let Some((arm, rest)) = arms.split_first() {
                    all = greater(all, calls(arm.route, handler));
                    arms = rest;
                }
                all
            }
            StageDesc::Each { route, .. } => times_of(calls(route, handler), MANY),
            StageDesc::Else { route, stand_in } => {
                plus(calls(route, handler), calls(stand_in, handler))
            }
            _ => 0,
        };
        all = plus(all, times);
        route = rest;
    }
    all
}

/// Whether both call the same handler, or one that is marked `once` within the flows that they are.
const fn calls_the_same(one: &HandlerDesc, other: &HandlerDesc) -> bool {
    if one.is(other) {
        return true;
    }
    if let Some(graph) = one.graph {
        return one.once && any_calls(graph, other);
    }
    match other.graph {
        Some(graph) => one.once && any_calls(graph, one),
        None => false,
    }
}

/// Whether the flow calls the handler, or one within it, that is marked `once`.
const fn any_calls(graph: &GraphDesc, handler: &HandlerDesc) -> bool {
    let mut clauses = graph.clauses;
    while let Some((clause, rest)) = clauses.split_first() {
        let mut handlers = clause.handlers;
        while let Some((called, others)) = handlers.split_first() {
            if called.once && calls_the_same(called, handler) {
                return true;
            }
            handlers = others;
        }
        clauses = rest;
    }
    false
}

pub(super) const fn plus(one: u8, other: u8) -> u8 {
    if one + other > MANY {
        MANY
    } else {
        one + other
    }
}

pub(super) const fn times_of(one: u8, other: u8) -> u8 {
    if one * other > MANY {
        MANY
    } else {
        one * other
    }
}

pub(super) const fn greater(one: u8, other: u8) -> u8 {
    if one > other { one } else { other }
}
