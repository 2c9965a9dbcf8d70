//! Cycles of clauses that go on for ever, in a flow that nothing else can end.
//!
//! A loop that ends at some time must compile, so only certain cycles are reported: whichever way
//! an activation of a clause goes, it emits an event that leads to another such clause, and no
//! handler of the flow can end the execution. (A reader could still drop it, but such an execution
//! has no use.)
//!
//! A cycle that never suspends is a defect in any flow. One that does may be the purpose of a flow,
//! unless there is an `end`: what is under way then is finished first.

mod closure;
mod cycles;
mod ways_out;

use crate::graph::check::connections::Connections;
use crate::graph::check::endless::closure::only_passes_on;
use crate::graph::check::order::causes_first;
use crate::graph::check::rescued::{may_fail, rescue_of};
use crate::graph::desc::{ClauseDesc, GraphDesc, HandlerDesc, StageDesc, TriggerDesc};
use crate::graph::event::EventDesc;
use crate::graph::shape::Alternative;

pub(super) use ways_out::{can_end, drains};

/// The cycles, each found by its first clause.
#[derive(Clone, Copy, Debug)]
pub(super) struct Endless<const N: usize> {
    /// The clause is the first of a cycle that never suspends.
    pub(super) never_yields: [bool; N],
    /// The clause is the first of a cycle that goes on after the `end`.
    pub(super) outlives_the_end: [bool; N],
}

/// What one activation does, as far as it goes through a stage.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Course {
    /// It may leave all cycles.
    Leaves,
    /// It goes on to the next stage.
    GoesOn,
    /// It is over, or the rest of its branch is.
    Ends,
    /// It has certainly led to a clause of the set.
    LeadsBack,
}

/// A set of clauses, each activation of which leads to another one.
struct Search<'a, const N: usize, const W: usize> {
    graph: &'a GraphDesc,
    connections: &'a Connections<N, W>,
    /// Handlers may suspend.
    waits: bool,
    set: [bool; N],
}

impl<const N: usize> Endless<N> {
    /// Whether there is such a cycle.
    pub(super) const fn any(&self) -> bool {
        let mut i = 0;
        while i < N {
            if self.never_yields[i] || self.outlives_the_end[i] {
                return true;
            }
            i += 1;
        }
        false
    }

    pub(super) const fn find<const W: usize>(
        graph: &GraphDesc,
        connections: &Connections<N, W>,
    ) -> Self {
        let mut endless = Self {
            never_yields: [false; N],
            outlives_the_end: [false; N],
        };
        if !graph.external.is_empty() || can_end(graph) {
            return endless;
        }
        let mut search = Search {
            graph,
            connections,
            waits: true,
            set: [true; N],
        };
        if !search.narrow() {
            return endless;
        }
        let begins = search.begins();
        let all = search.set;
        search.waits = false;
        if search.narrow() {
            search.first_of_cycles(&mut endless.never_yields);
        } else if begins && drains(graph, connections) {
            search.set = all;
            search.first_of_cycles(&mut endless.outlives_the_end);
        }
        endless
    }
}

impl<const N: usize, const W: usize> Search<'_, N, W> {
    /// Removes the clauses that do not certainly lead to another one of the set, and returns
    /// whether any are left.
    const fn narrow(&mut self) -> bool {
        let (mut text, mut i) = ([0; N], 0);
        while i < N {
            text[i] = i;
            i += 1;
        }
        // Most flows are written in their order, or in the reverse. Where they are not, each pass
        // might remove one clause.
        if self.pass(&text, true) && self.pass(&text, false) {
            let order = causes_first(self.graph, self.connections);
            while self.pass(&order, true) {}
        }
        let mut i = 0;
        while i < N {
            if self.set[i] {
                return true;
            }
            i += 1;
        }
        false
    }

    /// Removes the clauses that do not certainly lead to another one that is left, and returns
    /// whether there were any.
    const fn pass(&mut self, order: &[usize; N], backwards: bool) -> bool {
        let (mut changed, mut i) = (false, 0);
        while i < N {
            let clause = order[if backwards { N - 1 - i } else { i }];
            if self.set[clause] && !self.leads_back(&self.graph.clauses[clause]) {
                self.set[clause] = false;
                changed = true;
            }
            i += 1;
        }
        changed
    }

    const fn leads_back(&self, clause: &ClauseDesc) -> bool {
        let in_rescue = !clause.trigger.is_rescued();
        matches!(
            self.route(clause.route, in_rescue, false),
            Course::LeadsBack
        )
    }

    /// `has_else`: errors lead to a stand-in.
    const fn route(&self, mut route: &[StageDesc], in_rescue: bool, has_else: bool) -> Course {
        let mut course = Course::GoesOn;
        while let Some((stage, rest)) = route.split_first() {
            match self.stage(stage, in_rescue, has_else) {
                Course::Leaves => return Course::Leaves,
                Course::Ends => {
                    return match course {
                        Course::LeadsBack => Course::LeadsBack,
                        _ => Course::Ends,
                    };
                }
                Course::LeadsBack => course = Course::LeadsBack,
                Course::GoesOn => {}
            }
            route = rest;
        }
        course
    }

    const fn stage(&self, stage: &StageDesc, in_rescue: bool, has_else: bool) -> Course {
        match stage {
            StageDesc::Handler(handler) => self.handler(handler, in_rescue, has_else),
            // All branches run.
            StageDesc::Join(branches) => {
                let mut branches = *branches;
                let mut course = Course::GoesOn;
                while let Some((branch, rest)) = branches.split_first() {
                    match self.route(branch, in_rescue, has_else) {
                        Course::Leaves => return Course::Leaves,
                        Course::LeadsBack => course = Course::LeadsBack,
                        Course::GoesOn | Course::Ends => {}
                    }
                    branches = rest;
                }
                course
            }
            // There may be no item.
            StageDesc::Each { route, .. } => match self.route(route, in_rescue, has_else) {
                Course::Leaves => Course::Leaves,
                _ => Course::GoesOn,
            },
            StageDesc::Choice(arms) => {
                let mut arms = *arms;
                let mut course = Course::LeadsBack;
                while let Some((arm, rest)) = arms.split_first() {
                    match (self.route(arm.route, in_rescue, has_else), course) {
                        (Course::Leaves, _) => return Course::Leaves,
                        // Whatever the other arms do after it.
                        (Course::Ends, _) => course = Course::Ends,
                        (Course::GoesOn, Course::LeadsBack) => course = Course::GoesOn,
                        _ => {}
                    }
                    arms = rest;
                }
                course
            }
            StageDesc::Else { route, stand_in } => {
                let tried = self.route(route, in_rescue, true);
                match (tried, self.route(stand_in, in_rescue, has_else)) {
                    (Course::Leaves, _) | (_, Course::Leaves) => Course::Leaves,
                    (Course::Ends, _) | (_, Course::Ends) => Course::Ends,
                    (Course::LeadsBack, Course::LeadsBack) => Course::LeadsBack,
                    _ => Course::GoesOn,
                }
            }
            // One branch is enough, and the others are dropped.
            StageDesc::First(branches) => {
                let mut branches = *branches;
                let mut course = Course::LeadsBack;
                while let Some((branch, rest)) = branches.split_first() {
                    match self.route(branch, in_rescue, has_else) {
                        Course::Leaves => return Course::Leaves,
                        Course::GoesOn | Course::Ends => course = Course::GoesOn,
                        Course::LeadsBack => {}
                    }
                    branches = rest;
                }
                course
            }
            // There may be no value of the type.
            StageDesc::Emit { shape, .. } if shape.success.is_empty() => Course::Leaves,
            StageDesc::Emit { events, shape } => match self.alternatives(events, shape.success) {
                Course::LeadsBack => Course::LeadsBack,
                _ => Course::Ends,
            },
            StageDesc::End | StageDesc::Ignore | StageDesc::Skip => Course::Ends,
            StageDesc::Closure(text) if only_passes_on(text) => Course::GoesOn,
            // A closure may panic or end the process.
            StageDesc::EndNow | StageDesc::Ask { .. } | StageDesc::Closure(_) => Course::Leaves,
        }
    }

    const fn handler(&self, handler: &HandlerDesc, in_rescue: bool, has_else: bool) -> Course {
        let shape = &handler.shape;
        if shape.calls
            // What it emits without declaring it may lead out of the cycle.
            || !handler.undeclared.is_empty()
            || shape.leaves
            || shape.may_stop()
            || handler.graph.is_some()
            || (!self.waits && shape.may_wait())
        {
            return Course::Leaves;
        }
        let is_rescued = may_fail(handler) && !has_else;
        if is_rescued && (in_rescue || !self.is_rescued(handler)) {
            return Course::Leaves;
        }
        if shape.success.is_empty() && !is_rescued {
            return if may_fail(handler) {
                // The stand-in follows.
                Course::GoesOn
            } else {
                // It never comes to its end.
                Course::Leaves
            };
        }
        self.alternatives(handler.emits, shape.success)
    }

    const fn alternatives(&self, emits: &[EventDesc], mut all: &[Alternative]) -> Course {
        while let Some((alternative, rest)) = all.split_first() {
            if self.successor(emits, alternative) == N {
                return Course::GoesOn;
            }
            all = rest;
        }
        Course::LeadsBack
    }

    /// Whether the errors of the handler lead to a clause of the set.
    const fn is_rescued(&self, handler: &HandlerDesc) -> bool {
        let rescue = rescue_of(self.graph, handler);
        rescue < N && self.set[rescue]
    }

    /// A clause of the set that an activation certainly leads to which goes this way; `N` if there
    /// is none.
    const fn successor(&self, emits: &[EventDesc], alternative: &Alternative) -> usize {
        let mut event = 0;
        while event < emits.len() {
            if alternative.count(event).least > 0 {
                let mut wait = self.connections.first(emits[event].id);
                while wait < W {
                    let clause = self.connections.waits[wait].clause;
                    if self.set[clause] && self.arrives_whole(clause, emits, alternative) {
                        return clause;
                    }
                    wait = self.connections.waits[wait].next;
                }
            }
            event += 1;
        }
        N
    }

    /// Whether all events that the clause waits for are emitted.
    const fn arrives_whole(
        &self,
        clause: usize,
        emits: &[EventDesc],
        alternative: &Alternative,
    ) -> bool {
        let of_clause = &self.graph.clauses[clause];
        if of_clause.by.is_some() {
            return false;
        }
        let mut events = match of_clause.trigger {
            TriggerDesc::All(events) => events,
            // A whole group, whatever has come before.
            TriggerDesc::Times { event, number, .. } => {
                let count = number as u64;
                return count > 0 && emits_so_many(count, event, emits, alternative);
            }
            _ => return true,
        };
        while let Some((awaited, rest)) = events.split_first() {
            let mut event = 0;
            while event < emits.len() && emits[event].id != awaited.id {
                event += 1;
            }
            if event == emits.len() || alternative.count(event).least == 0 {
                return false;
            }
            events = rest;
        }
        true
    }

    /// Whether the execution certainly comes to a clause of the set.
    const fn begins(&self) -> bool {
        let mut i = 0;
        while i < N {
            if self.set[i] && matches!(self.graph.clauses[i].trigger, TriggerDesc::Start) {
                return true;
            }
            i += 1;
        }
        false
    }
}

/// Whether the call emits at least so many of the event.
const fn emits_so_many(
    count: u64,
    event: EventDesc,
    emits: &[EventDesc],
    alternative: &Alternative,
) -> bool {
    let mut e = 0;
    while e < emits.len() {
        if emits[e].id == event.id && alternative.count(e).least as u64 >= count {
            return true;
        }
        e += 1;
    }
    false
}
