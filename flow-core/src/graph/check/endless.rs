//! Cycles of clauses that never end, in a flow that nothing can end.
//!
//! A loop that ends at some time must compile, so only certain cycles are reported: each clause of
//! the cycle is one handler that always emits and never waits, and no other handler of the flow can
//! end the execution. (A reader could still drop it, but such an execution has no use.)

use crate::graph::check::connections::Connections;
use crate::graph::desc::{ClauseDesc, GraphDesc, StageDesc, TriggerDesc};
use crate::graph::event::EventDesc;
use crate::graph::shape::Shape;

/// The cycles, each found by its first clause.
#[derive(Clone, Copy, Debug)]
pub(super) struct Endless<const N: usize> {
    /// The clause that follows each clause in its cycle.
    pub(super) next: [usize; N],
    is_first: [bool; N],
}

/// A depth-first search along the events.
struct Search<const N: usize> {
    /// The clauses from the first to the current one, each with the wait to look at next.
    path: [(usize, usize); N],
    length: usize,
    seen: [bool; N],
    on_path: [bool; N],
    /// The clause is part of a cycle that was found.
    reported: [bool; N],
}

impl<const N: usize> Endless<N> {
    pub(super) const NONE: Self = Self {
        next: [0; N],
        is_first: [false; N],
    };

    /// The clause that follows in the cycle, if this clause is its first.
    pub(super) const fn after(&self, clause: usize) -> Option<usize> {
        if self.is_first[clause] {
            Some(self.next[clause])
        } else {
            None
        }
    }

    pub(super) const fn find<const W: usize>(
        graph: &GraphDesc,
        connections: &Connections<N, W>,
    ) -> Self {
        let mut endless = Self::NONE;
        if !graph.external.is_empty() || can_end(graph) {
            return endless;
        }
        let mut search = Search {
            path: [(0, 0); N],
            length: 0,
            seen: [false; N],
            on_path: [false; N],
            reported: [false; N],
        };
        let mut i = 0;
        while i < N {
            if connections.reached[i] && is_straight(&graph.clauses[i]) && !search.seen[i] {
                search.enter(graph, connections, i);
                while search.length > 0 {
                    search.step(graph, connections, &mut endless);
                }
            }
            i += 1;
        }
        endless
    }

    /// Records the cycle of the path's clauses from `at` on.
    const fn note(&mut self, search: &mut Search<N>, at: usize) {
        let mut first = search.path[at].0;
        let mut i = at;
        while i < search.length {
            let clause = search.path[i].0;
            // Of cycles that share a clause, only the first one found is reported.
            if search.reported[clause] {
                return;
            }
            if clause < first {
                first = clause;
            }
            i += 1;
        }
        i = at;
        while i < search.length {
            let clause = search.path[i].0;
            let next = if i + 1 < search.length { i + 1 } else { at };
            search.reported[clause] = true;
            self.next[clause] = search.path[next].0;
            i += 1;
        }
        self.is_first[first] = true;
    }
}

impl<const N: usize> Search<N> {
    const fn enter<const W: usize>(
        &mut self,
        graph: &GraphDesc,
        connections: &Connections<N, W>,
        clause: usize,
    ) {
        self.seen[clause] = true;
        self.on_path[clause] = true;
        // A clause that is not straight never gets here.
        let first = match always_emitted(&graph.clauses[clause]) {
            Some(event) => connections.first(event.id),
            None => W,
        };
        self.path[self.length] = (clause, first);
        self.length += 1;
    }

    /// Goes on to the next clause that the last one of the path leads to, or back.
    const fn step<const W: usize>(
        &mut self,
        graph: &GraphDesc,
        connections: &Connections<N, W>,
        endless: &mut Endless<N>,
    ) {
        let (clause, wait) = self.path[self.length - 1];
        if wait == W {
            self.on_path[clause] = false;
            self.length -= 1;
            return;
        }
        self.path[self.length - 1].1 = connections.waits[wait].next;
        let next = connections.waits[wait].clause;
        if self.on_path[next] {
            let mut from = 0;
            while self.path[from].0 != next {
                from += 1;
            }
            endless.note(self, from);
        } else if !self.seen[next] && is_straight(&graph.clauses[next]) {
            self.enter(graph, connections, next);
        }
    }
}

/// Whether the clause always emits one event, without waiting.
const fn is_straight(clause: &ClauseDesc) -> bool {
    matches!(clause.trigger, TriggerDesc::Event(_)) && always_emitted(clause).is_some()
}

/// The event that the clause always emits, without waiting.
const fn always_emitted(clause: &ClauseDesc) -> Option<EventDesc> {
    match clause.route {
        [StageDesc::Handler(_)] | [StageDesc::Handler(_), StageDesc::Ignore] => {
            let handler = &clause.handlers[0];
            match handler.emits {
                [event] if goes_on(&handler.shape) && !handler.shape.may_omit(0) => Some(*event),
                _ => None,
            }
        }
        [StageDesc::Handler(_), StageDesc::Emit { events, shape }]
            if goes_on(&clause.handlers[0].shape) =>
        {
            always_held(events, shape)
        }
        [StageDesc::Emit { events, shape }] => always_held(events, shape),
        _ => None,
    }
}

/// The first event of which each value holds at least one.
const fn always_held(events: &[EventDesc], shape: &Shape) -> Option<EventDesc> {
    let mut i = 0;
    while i < events.len() {
        if !shape.may_omit(i) {
            return Some(events[i]);
        }
        i += 1;
    }
    None
}

/// Whether each call returns, and neither waits nor does anything that may end the execution.
const fn goes_on(shape: &Shape) -> bool {
    !shape.success.is_empty()
        && !shape.may_wait()
        && !shape.may_stop()
        && !shape.calls
        && !shape.leaves
}

/// Whether any clause may end the execution while others go on.
const fn can_end(graph: &GraphDesc) -> bool {
    let mut i = 0;
    while i < graph.clauses.len() {
        let clause = &graph.clauses[i];
        if clause.ends_now {
            return true;
        }
        let mut h = 0;
        while h < clause.handlers.len() {
            let handler = &clause.handlers[h];
            if handler.can_fail
                || handler.shape.may_stop()
                || handler.shape.calls
                || handler.shape.leaves
            {
                return true;
            }
            h += 1;
        }
        i += 1;
    }
    false
}
