//! Cycles of clauses that go on for ever, in a flow that nothing else can end.
//!
//! A loop that ends at some time must compile, so only certain cycles are reported: whichever way an
//! activation of a clause goes, it emits an event that leads to another such clause, and no handler
//! of the flow can end the execution. (A reader could still drop it, but such an execution has no
//! use.)
//!
//! A cycle that never suspends is a defect in any flow. One that does may be the purpose of a flow,
//! unless there is an `end`: what is under way then is finished first.

use crate::graph::check::connections::Connections;
use crate::graph::check::order::causes_first;
use crate::graph::check::rescued::{may_fail, rescue_of};
use crate::graph::desc::{ClauseDesc, GraphDesc, HandlerDesc, StageDesc, TriggerDesc};
use crate::graph::event::EventDesc;
use crate::graph::shape::Alternative;
use crate::graph::text::number;

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
    /// Removes the clauses that do not certainly lead to another one of the set, and returns whether
    /// any are left.
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
            TriggerDesc::Times { event, count } => {
                let count = number(count);
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

    /// Marks the first clause of each cycle that is reached, of those that share no clause.
    const fn first_of_cycles(&self, first: &mut [bool; N]) {
        // The number of the walk that came to a clause, counted from 1.
        let mut walked = [0; N];
        let mut i = 0;
        while i < N {
            let mut clause = i;
            while clause < N && self.is_in_cycle(clause) && walked[clause] == 0 {
                walked[clause] = i + 1;
                clause = self.next(clause);
            }
            if clause < N && walked[clause] == i + 1 {
                let mut least = clause;
                let mut other = self.next(clause);
                while other != clause {
                    if other < least {
                        least = other;
                    }
                    other = self.next(other);
                }
                first[least] = true;
            }
            i += 1;
        }
    }

    /// Whether the clause is of the set, and waits for events, where a cycle is reported.
    const fn is_in_cycle(&self, clause: usize) -> bool {
        self.set[clause]
            && self.connections.reached[clause]
            && !self.graph.clauses[clause].trigger.events().is_empty()
    }

    /// A clause that this one leads to, by an event or by an error that is rescued; `N` if there is
    /// none.
    const fn next(&self, clause: usize) -> usize {
        let mut clause = clause;
        let mut rescues = 0;
        while clause < N && rescues <= N {
            let next = self.emitted_by(clause);
            if next < N {
                return next;
            }
            clause = self.rescue_of(clause);
            rescues += 1;
        }
        N
    }

    const fn rescue_of(&self, clause: usize) -> usize {
        let mut handlers = self.graph.clauses[clause].handlers;
        while let Some((handler, rest)) = handlers.split_first() {
            if may_fail(handler) && self.is_rescued(handler) {
                return rescue_of(self.graph, handler);
            }
            handlers = rest;
        }
        N
    }

    const fn emitted_by(&self, clause: usize) -> usize {
        let mut handlers = self.graph.clauses[clause].handlers;
        while let Some((handler, rest)) = handlers.split_first() {
            let mut alternatives = handler.shape.success;
            while let Some((alternative, others)) = alternatives.split_first() {
                let next = self.successor(handler.emits, alternative);
                if next < N {
                    return next;
                }
                alternatives = others;
            }
            handlers = rest;
        }
        self.returned_by(self.graph.clauses[clause].route)
    }

    /// A clause that what an `emit` of the route emits leads to; `N` if there is none.
    const fn returned_by(&self, mut route: &[StageDesc]) -> usize {
        while let Some((stage, rest)) = route.split_first() {
            let next = match stage {
                StageDesc::Emit { events, shape } => {
                    let mut alternatives = shape.success;
                    let mut next = N;
                    while let Some((alternative, others)) = alternatives.split_first() {
                        next = self.successor(events, alternative);
                        if next < N {
                            break;
                        }
                        alternatives = others;
                    }
                    next
                }
                StageDesc::Join(branches) => {
                    let mut branches = *branches;
                    let mut next = N;
                    while let Some((branch, others)) = branches.split_first() {
                        next = self.returned_by(branch);
                        if next < N {
                            break;
                        }
                        branches = others;
                    }
                    next
                }
                StageDesc::Choice(arms) => {
                    let mut arms = *arms;
                    let mut next = N;
                    while let Some((arm, others)) = arms.split_first() {
                        next = self.returned_by(arm.route);
                        if next < N {
                            break;
                        }
                        arms = others;
                    }
                    next
                }
                StageDesc::Else { route, stand_in } => {
                    let next = self.returned_by(route);
                    if next < N {
                        next
                    } else {
                        self.returned_by(stand_in)
                    }
                }
                _ => N,
            };
            if next < N {
                return next;
            }
            route = rest;
        }
        N
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

/// Whether the stage is a constructor, such as `Some`, or a closure that certainly returns: it only
/// names its parameters, their fields and constants, and makes tuples and values of constructors.
///
/// Anything else may panic or end the process, even an operator.
const fn only_passes_on(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut is_closure, mut is_plain, mut i) = (false, true, 0);
    // Of the last word: whether it is a constructor, by its case. The last byte that is no space.
    let (mut is_capital, mut has_small, mut last) = (false, false, b'|');
    while i < bytes.len() {
        let byte = bytes[i];
        match byte {
            b'|' => is_closure = true,
            b'(' => {
                let calls = is_of_word(last) && !(is_capital && has_small);
                is_plain &= !calls && last != b')';
            }
            // A static may be made at its first use.
            b'.' => is_plain &= !is_capital,
            b')' | b',' | b':' | b' ' => {}
            _ if is_of_word(byte) => {
                if i == 0 || !is_of_word(bytes[i - 1]) {
                    (is_capital, has_small) = (byte.is_ascii_uppercase(), false);
                }
                has_small |= byte.is_ascii_lowercase();
            }
            _ => is_plain = false,
        }
        if byte != b' ' {
            last = byte;
        }
        i += 1;
    }
    is_plain || !is_closure
}

const fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether any clause may end the execution while others go on.
pub(super) const fn can_end(graph: &GraphDesc) -> bool {
    let mut i = 0;
    while i < graph.clauses.len() {
        let clause = &graph.clauses[i];
        if clause.ends_now {
            return true;
        }
        let in_rescue = !clause.trigger.is_rescued();
        let mut h = 0;
        while h < clause.handlers.len() {
            let handler = &clause.handlers[h];
            if handler.shape.may_stop() || handler.shape.leaves {
                return true;
            }
            h += 1;
        }
        if fails(graph, clause.route, in_rescue) {
            return true;
        }
        i += 1;
    }
    false
}

/// Whether an error of the route may end the execution.
const fn fails(graph: &GraphDesc, mut route: &[StageDesc], in_rescue: bool) -> bool {
    while let Some((stage, rest)) = route.split_first() {
        let fails = match stage {
            StageDesc::Handler(handler) => {
                may_fail(handler) && (in_rescue || rescue_of(graph, handler) == graph.clauses.len())
            }
            // The stand-in takes what fails before it.
            StageDesc::Else {
                stand_in: route, ..
            }
            | StageDesc::Each { route, .. } => fails(graph, route, in_rescue),
            StageDesc::Join(branches) | StageDesc::First(branches) => {
                let (mut branches, mut any) = (*branches, false);
                while let Some((branch, others)) = branches.split_first() {
                    any |= fails(graph, branch, in_rescue);
                    branches = others;
                }
                any
            }
            StageDesc::Choice(arms) => {
                let (mut arms, mut any) = (*arms, false);
                while let Some((arm, others)) = arms.split_first() {
                    any |= fails(graph, arm.route, in_rescue);
                    arms = others;
                }
                any
            }
            StageDesc::Closure(_)
            | StageDesc::End
            | StageDesc::EndNow
            | StageDesc::Ignore
            | StageDesc::Emit { .. }
            | StageDesc::Skip
            | StageDesc::Ask { .. } => false,
        };
        if fails {
            return true;
        }
        route = rest;
    }
    false
}

/// Whether the flow comes to an `end`, without a limit to what goes on after it.
pub(super) const fn drains<const N: usize, const W: usize>(
    graph: &GraphDesc,
    connections: &Connections<N, W>,
) -> bool {
    if graph.timeout.is_some() || graph.drain.is_some() || graph.max_events.is_some() {
        return false;
    }
    let mut i = 0;
    while i < N {
        if graph.clauses[i].ends && connections.reached[i] {
            return true;
        }
        i += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::only_passes_on;

    #[test]
    fn a_closure_of_which_nothing_may_panic_only_passes_on() {
        for text in [
            "Some",
            "| n | n",
            "|_| ()",
            "|(a, b)| (b, a)",
            "|n: u64| Tick(n)",
            "|tick| shop::Tick::Next(tick.0, LIMIT)",
            "move |Tick(n)| n as u32",
        ] {
            assert!(only_passes_on(text), "{text}");
        }
        for text in [
            "|n| n + 1",
            "|n| next(n)",
            "|n| next (n)",
            "|n| n.next()",
            "|n| (next)(n)",
            "|n| Tick::next(n)",
            "|n| NEXT(n)",
            "|n| panic!()",
            "|n| all[n]",
            "|n| *n",
            "|n| { n }",
            "|_| LIMIT.0",
        ] {
            assert!(!only_passes_on(text), "{text}");
        }
    }
}
