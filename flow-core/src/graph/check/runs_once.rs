//! Which clauses an execution runs once at most: those that begin it, and those that one of them
//! leads to by an event that comes once.

use crate::graph::check::connections::Connections;
use crate::graph::desc::{GraphDesc, HandlerDesc, StageDesc, TriggerDesc};
use crate::graph::event::EventDesc;
use crate::graph::shape::Alternative;

/// What emits an event in the flow.
#[derive(Clone, Copy)]
struct Sources {
    /// The number of places, as far as that is one.
    count: u8,
    clause: usize,
    /// A run of the clause emits one at most.
    is_one: bool,
}

struct Search<'a, const N: usize, const W: usize> {
    graph: &'a GraphDesc,
    connections: &'a Connections<N, W>,
    /// The clause runs once at most.
    once: [bool; N],
    /// The clauses that are still to be followed.
    stack: [usize; N],
    count: usize,
}

/// Whether each clause runs once at most.
pub(super) const fn find_once<const N: usize, const W: usize>(
    graph: &GraphDesc,
    connections: &Connections<N, W>,
) -> [bool; N] {
    let mut search = Search {
        graph,
        connections,
        once: [false; N],
        stack: [0; N],
        count: 0,
    };
    search.run();
    search.once
}

impl<const N: usize, const W: usize> Search<'_, N, W> {
    const fn run(&mut self) {
        let sources = self.sources();
        let mut i = 0;
        while i < N {
            if let TriggerDesc::Start | TriggerDesc::Finally | TriggerDesc::Open(_) =
                self.graph.clauses[i].trigger
            {
                self.runs_once(i);
            }
            i += 1;
        }
        while self.count > 0 {
            self.count -= 1;
            let from = self.stack[self.count];
            let clause = &self.graph.clauses[from];
            let mut handlers = clause.handlers;
            while let Some((handler, rest)) = handlers.split_first() {
                self.lead_on_once(from, handler.emits, &sources);
                handlers = rest;
            }
            let mut emits = clause.emits;
            while let Some((events, rest)) = emits.split_first() {
                self.lead_on_once(from, events, &sources);
                emits = rest;
            }
            if let [StageDesc::Ask { .. }] = clause.route {
                let mut next = from + 1;
                while next < N
                    && let TriggerDesc::Answered(_) | TriggerDesc::Unanswered(_) =
                        self.graph.clauses[next].trigger
                {
                    self.runs_once(next);
                    next += 1;
                }
            }
        }
    }

    const fn runs_once(&mut self, clause: usize) {
        if !self.once[clause] {
            self.once[clause] = true;
            self.stack[self.count] = clause;
            self.count += 1;
        }
    }

    /// Of the events that the clause emits, those that come once lead to clauses that run once.
    const fn lead_on_once(
        &mut self,
        from: usize,
        mut events: &[EventDesc],
        sources: &[Sources; W],
    ) {
        while let Some((event, rest)) = events.split_first() {
            let mut wait = self.connections.first(event.id);
            if wait < W
                && !self.connections.waits[wait].external
                && sources[wait].count == 1
                && sources[wait].is_one
                && sources[wait].clause == from
            {
                while wait < W {
                    let clause = self.connections.waits[wait].clause;
                    // Partners need one of each.
                    if let TriggerDesc::Event(_) | TriggerDesc::All(_) =
                        self.graph.clauses[clause].trigger
                    {
                        self.runs_once(clause);
                    }
                    wait = self.connections.waits[wait].next;
                }
            }
            events = rest;
        }
    }

    /// The sources of each event, by its first wait.
    const fn sources(&self) -> [Sources; W] {
        let mut sources = [Sources {
            count: 0,
            clause: 0,
            is_one: false,
        }; W];
        let mut i = 0;
        while i < N {
            let clause = &self.graph.clauses[i];
            let is_single = !repeats(clause.route);
            let mut handlers = clause.handlers;
            while let Some((handler, rest)) = handlers.split_first() {
                let mut event = 0;
                while event < handler.emits.len() {
                    let is_one = is_single && emits_one(handler, event);
                    self.note(&mut sources, handler.emits[event], i, is_one);
                    event += 1;
                }
                handlers = rest;
            }
            self.note_returned(&mut sources, clause.route, i, is_single);
            i += 1;
        }
        sources
    }

    const fn note(
        &self,
        sources: &mut [Sources; W],
        event: EventDesc,
        clause: usize,
        is_one: bool,
    ) {
        let wait = self.connections.first(event.id);
        if wait < W {
            let source = &mut sources[wait];
            source.count = if source.count == 0 { 1 } else { 2 };
            source.clause = clause;
            source.is_one = is_one;
        }
    }

    /// Notes the events of each `emit` in the route.
    const fn note_returned(
        &self,
        sources: &mut [Sources; W],
        mut route: &[StageDesc],
        clause: usize,
        is_single: bool,
    ) {
        while let Some((stage, rest)) = route.split_first() {
            match stage {
                StageDesc::Emit { events, shape } => {
                    let mut event = 0;
                    while event < events.len() {
                        let is_one = is_single && at_most_one(shape.success, event);
                        self.note(sources, events[event], clause, is_one);
                        event += 1;
                    }
                }
                StageDesc::Join(branches) | StageDesc::First(branches) => {
                    let mut branches = *branches;
                    while let Some((branch, others)) = branches.split_first() {
                        self.note_returned(sources, branch, clause, is_single);
                        branches = others;
                    }
                }
                StageDesc::Choice(arms) => {
                    let mut arms = *arms;
                    while let Some((arm, others)) = arms.split_first() {
                        self.note_returned(sources, arm.route, clause, is_single);
                        arms = others;
                    }
                }
                StageDesc::Each { route, .. } => {
                    self.note_returned(sources, route, clause, is_single);
                }
                StageDesc::Else { route, stand_in } => {
                    self.note_returned(sources, route, clause, is_single);
                    self.note_returned(sources, stand_in, clause, is_single);
                }
                StageDesc::Handler(_)
                | StageDesc::Closure(_)
                | StageDesc::End
                | StageDesc::EndNow
                | StageDesc::Ignore
                | StageDesc::Skip
                | StageDesc::Ask { .. } => {}
            }
            route = rest;
        }
    }
}

/// Whether a call emits the event once at most.
const fn emits_one(handler: &HandlerDesc, event: usize) -> bool {
    !handler.emits_again()
        && at_most_one(handler.shape.success, event)
        && at_most_one(handler.shape.failure, event)
}

const fn at_most_one(mut alternatives: &[Alternative], event: usize) -> bool {
    while let Some((alternative, rest)) = alternatives.split_first() {
        if !matches!(alternative.count(event).most, Some(0 | 1)) {
            return false;
        }
        alternatives = rest;
    }
    true
}

/// Whether a part of the route may run more than once.
const fn repeats(mut route: &[StageDesc]) -> bool {
    while let Some((stage, rest)) = route.split_first() {
        let repeats = match stage {
            StageDesc::Each { .. } => true,
            StageDesc::Join(branches) | StageDesc::First(branches) => {
                let (mut branches, mut any) = (*branches, false);
                while let Some((branch, others)) = branches.split_first() {
                    any |= repeats(branch);
                    branches = others;
                }
                any
            }
            StageDesc::Choice(arms) => {
                let (mut arms, mut any) = (*arms, false);
                while let Some((arm, others)) = arms.split_first() {
                    any |= repeats(arm.route);
                    arms = others;
                }
                any
            }
            StageDesc::Else { route, stand_in } => repeats(route) || repeats(stand_in),
            StageDesc::Handler(_)
            | StageDesc::Closure(_)
            | StageDesc::Emit { .. }
            | StageDesc::End
            | StageDesc::EndNow
            | StageDesc::Ignore
            | StageDesc::Skip
            | StageDesc::Ask { .. } => false,
        };
        if repeats {
            return true;
        }
        route = rest;
    }
    false
}
