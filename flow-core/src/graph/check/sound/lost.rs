//! Updates of a state that may be lost, because another call reads the state and writes it back at
//! the same time.
//!
//! In a durable flow, calls that take the same state take turns.
//!
//! Two calls may overlap in an `each`, in the branches of a `(a, b)` or a `first`, in two clauses
//! for one event, and in one clause for events of which several may be under way. Calls in clauses
//! for different events are not compared, nor those in rescues and answers: whether they overlap
//! depends on how long others take.

use crate::graph::check::sound::finding::Finding;
use crate::graph::check::sound::kinds::{LOSES_UPDATE, PROVED};
use crate::graph::check::sound::net::Net;
use crate::graph::desc::{HandlerDesc, StageDesc, TriggerDesc};
use crate::graph::text::same_text;

impl Net<'_> {
    /// Finds the handlers that write a state back while another call may have changed it.
    pub(super) const fn find_lost_updates(&mut self) {
        if self.graph.durable || !self.writes_back() || matches!(self.graph.concurrency, Some(1)) {
            return;
        }
        if !self.has_joins {
            self.find_single();
        }
        let mut clause = 0;
        while clause < self.slots.len() {
            if self.slots[clause].finding.kind == PROVED && !self.slots[clause].never_runs {
                self.slots[clause].finding = self.lost_in(clause);
            }
            clause += 1;
        }
    }

    /// Whether any handler writes a state back.
    const fn writes_back(&self) -> bool {
        let mut clauses = self.graph.clauses;
        while let Some((clause, rest)) = clauses.split_first() {
            let mut handlers = clause.handlers;
            while let Some((handler, others)) = handlers.split_first() {
                if !handler.writes_back.is_empty() {
                    return true;
                }
                handlers = others;
            }
            clauses = rest;
        }
        false
    }

    #[allow(
        clippy::cast_possible_truncation,
        reason = "a handler has fewer parameters than that"
    )]
    const fn lost_in(&mut self, clause: usize) -> Finding {
        let graph = self.graph;
        let handlers = graph.clauses[clause].handlers;
        let mut h = 0;
        while h < handlers.len() {
            let states = handlers[h].writes_back;
            let mut s = 0;
            while s < states.len() {
                if self.overlaps(clause, &handlers[h], states[s]) {
                    return Finding {
                        handler: h,
                        state: s as u8 + 1,
                        ..Finding::at(clause, LOSES_UPDATE)
                    };
                }
                s += 1;
            }
            h += 1;
        }
        Finding::NONE
    }

    /// Whether another call that writes the state back may run beside one of this handler.
    const fn overlaps(&mut self, clause: usize, handler: &HandlerDesc, state: &str) -> bool {
        let graph = self.graph;
        let route = graph.clauses[clause].route;
        if overlaps_in(route, handler, state) {
            return true;
        }
        match &graph.clauses[clause].trigger {
            TriggerDesc::Event(event) => {
                let mut other = 0;
                while other < graph.clauses.len() {
                    if other != clause
                        && let TriggerDesc::Event(same) = &graph.clauses[other].trigger
                        && same.id == event.id
                        && writes_beside(graph.clauses[other].route, handler, state)
                    {
                        return true;
                    }
                    other += 1;
                }
            }
            TriggerDesc::All(_) => {}
            _ => return false,
        }
        !is_serial(handler) && !self.pairs_one_at_a_time(clause)
    }
}

/// Whether one call of the handler runs at a time at most.
const fn is_serial(handler: &HandlerDesc) -> bool {
    matches!(handler.concurrency, Some(1))
}

/// Whether one run of the route may call the handler while another call writes the state back.
const fn overlaps_in(mut route: &[StageDesc], handler: &HandlerDesc, state: &str) -> bool {
    while let Some((stage, rest)) = route.split_first() {
        let overlaps = match stage {
            StageDesc::Join(branches) | StageDesc::First(branches) => {
                overlaps_across(branches, handler, state)
            }
            StageDesc::Choice(arms) => {
                let (mut arms, mut any) = (*arms, false);
                while let Some((arm, rest)) = arms.split_first() {
                    any |= overlaps_in(arm.route, handler, state);
                    arms = rest;
                }
                any
            }
            StageDesc::Each { route, limit } => {
                (is_many(*limit) && calls(route, handler) && writes_beside(route, handler, state))
                    || overlaps_in(route, handler, state)
            }
            StageDesc::Else { route, stand_in } => {
                overlaps_in(route, handler, state) || overlaps_in(stand_in, handler, state)
            }
            _ => false,
        };
        if overlaps {
            return true;
        }
        route = rest;
    }
    false
}

/// Whether one of the branches calls the handler, and another writes the state back.
const fn overlaps_across(branches: &[&[StageDesc]], handler: &HandlerDesc, state: &str) -> bool {
    let mut one = 0;
    while one < branches.len() {
        if overlaps_in(branches[one], handler, state) {
            return true;
        }
        let mut other = 0;
        while other < branches.len() && calls(branches[one], handler) {
            if other != one && writes_beside(branches[other], handler, state) {
                return true;
            }
            other += 1;
        }
        one += 1;
    }
    false
}

/// Whether the route calls the handler.
const fn calls(route: &[StageDesc], handler: &HandlerDesc) -> bool {
    crate::graph::check::sound::most::calls(route, handler) > 0
}

/// Whether the route has a call that writes the state back, and may run beside one of the handler.
const fn writes_beside(mut route: &[StageDesc], handler: &HandlerDesc, state: &str) -> bool {
    while let Some((stage, rest)) = route.split_first() {
        let writes = match stage {
            StageDesc::Handler(called) => {
                writes(called, state) && !(called.is(handler) && is_serial(handler))
            }
            StageDesc::Join(branches) | StageDesc::First(branches) => {
                let (mut branches, mut any) = (*branches, false);
                while let Some((branch, rest)) = branches.split_first() {
                    any |= writes_beside(branch, handler, state);
                    branches = rest;
                }
                any
            }
            StageDesc::Choice(arms) => {
                let (mut arms, mut any) = (*arms, false);
                while let Some((arm, rest)) = arms.split_first() {
                    any |= writes_beside(arm.route, handler, state);
                    arms = rest;
                }
                any
            }
            StageDesc::Each { route, .. } => writes_beside(route, handler, state),
            StageDesc::Else { route, stand_in } => {
                writes_beside(route, handler, state) || writes_beside(stand_in, handler, state)
            }
            _ => false,
        };
        if writes {
            return true;
        }
        route = rest;
    }
    false
}

const fn writes(handler: &HandlerDesc, state: &str) -> bool {
    let mut states = handler.writes_back;
    while let Some((written, rest)) = states.split_first() {
        if same_text(written, state) {
            return true;
        }
        states = rest;
    }
    false
}

/// Whether several items certainly may run at a time: there is no limit, or it is a number other
/// than 1. The value of a constant is not known here.
const fn is_many(limit: Option<&str>) -> bool {
    let Some(limit) = limit else {
        return true;
    };
    let mut digits = limit.as_bytes();
    while let Some((digit, rest)) = digits.split_first() {
        if !digit.is_ascii_digit() {
            return false;
        }
        digits = rest;
    }
    !same_text(limit, "1")
}
