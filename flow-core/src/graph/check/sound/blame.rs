//! The reasons why a flow may come to nothing without its output: each at the handler to change.

use crate::graph::check::rescued::may_fail;
use crate::graph::check::sound::finding::{Finding, is_unknown};
use crate::graph::check::sound::kinds::{
    DEAD_END, ENDS_HERE, IGNORED, LOOP, MAY_STOP_SHORT, PROVED, RETURNS_SHORT, STAGE, STOPS,
};
use crate::graph::check::sound::memory::NOWHERE;
use crate::graph::check::sound::net::{Net, Set};
use crate::graph::check::sound::output::{Around, Course};
use crate::graph::desc::{GraphDesc, HandlerDesc, StageDesc, TriggerDesc};
use crate::graph::event::EventDesc;
use crate::graph::shape::Alternative;

/// What the search through one clause has come to.
#[derive(Clone, Copy)]
struct Search {
    clause: usize,
    /// The index of the next handler.
    handler: usize,
    /// The index of the handler whose value arrives.
    before: usize,
    /// The handler to change.
    blamed: Finding,
    /// A clause that is led to is looked at instead.
    followed: bool,
    /// Each way through a stage of the route leads to such a clause, which is what is to be
    /// changed.
    covered: bool,
}

impl Net<'_> {
    /// Finds the stages that are not proved, and the handlers that may stop an execution that has
    /// an output.
    pub(super) const fn find_stops(&mut self) {
        let mut clause = 0;
        while clause < self.slots.len() {
            let handlers = self.graph.clauses[clause].handlers;
            let mut h = 0;
            while h < handlers.len() {
                let may_stop = self.graph.output.is_some() && handlers[h].shape.may_stop();
                let finding = match handlers[h].graph {
                    Some(stage) if needs_a_proof(stage) => Finding::at(clause, STAGE),
                    None if may_stop && is_unknown(&handlers[h]) => {
                        Finding::unknown(clause, &handlers[h])
                    }
                    None if may_stop => Finding::at(clause, STOPS),
                    Some(_) | None => Finding::NONE,
                };
                if finding.kind != PROVED && !self.is_mentioned(clause, h) {
                    self.slots[clause].finding = Finding {
                        handler: h,
                        ..finding
                    };
                    break;
                }
                h += 1;
            }
            clause += 1;
        }
    }

    /// Whether there is a finding at the handler already, in an earlier clause.
    const fn is_mentioned(&self, clause: usize, handler: usize) -> bool {
        let handler = &self.graph.clauses[clause].handlers[handler];
        let mut i = 0;
        while i < clause {
            let Finding {
                kind, handler: h, ..
            } = self.slots[i].finding;
            if kind != PROVED && self.graph.clauses[i].handlers[h].is(handler) {
                return true;
            }
            i += 1;
        }
        false
    }

    /// Looks for the reasons why `start` does not lead on.
    pub(super) const fn find_reasons(&mut self) {
        let mut i = 0;
        while i < self.slots.len() {
            if let TriggerDesc::Start = self.graph.clauses[i].trigger {
                self.blame(i);
            }
            i += 1;
        }
        if !self.is_found() {
            self.blame_clauses();
        }
    }

    const fn is_found(&self) -> bool {
        let mut i = 0;
        while i < self.slots.len() {
            if self.slots[i].finding.kind != 0 {
                return true;
            }
            i += 1;
        }
        false
    }

    /// Blames the clauses that do not lead on, even if all clauses did that have a way to the
    /// `end`. They lead to each other otherwise, so that the search for one handler goes round.
    const fn blame_clauses(&mut self) {
        let mut i = 0;
        while i < self.slots.len() {
            self.slots[i].leads = self.slots[i].may_end;
            i += 1;
        }
        let mut i = 0;
        while i < self.slots.len() {
            let is_start = matches!(self.graph.clauses[i].trigger, TriggerDesc::Start);
            if (is_start || self.slots[i].seen) && !self.clause_leads(i) {
                self.slots[i].finding = Finding::at(i, ENDS_HERE);
            }
            i += 1;
        }
        // What leads on then depends on clauses that the search has not come to.
        if !self.is_found() {
            self.slots[0].finding = Finding::at(0, ENDS_HERE);
        }
    }

    /// Looks for the reason why the clause does not lead on, in the clause or in those that it
    /// leads to.
    const fn blame(&mut self, clause: usize) {
        if self.slots[clause].seen || self.slots[clause].leads {
            return;
        }
        self.slots[clause].seen = true;
        let of_clause = &self.graph.clauses[clause];
        let mut search = Search {
            clause,
            handler: 0,
            before: Finding::CLAUSE,
            blamed: Finding::NONE,
            followed: false,
            covered: false,
        };
        self.blame_route(of_clause.route, Around::of(&of_clause.trigger), &mut search);
        // Known already, such as that it may stop.
        if self.slots[clause].finding.kind != PROVED {
            return;
        }
        if search.blamed.kind == DEAD_END && search.followed {
            return;
        }
        if search.blamed.kind == RETURNS_SHORT && search.blamed.handler == Finding::CLAUSE {
            search.blamed.kind = ENDS_HERE;
        }
        if search.blamed.kind != PROVED {
            self.slots[clause].finding = search.blamed;
        } else if !search.followed {
            self.slots[clause].finding = Finding::at(clause, ENDS_HERE);
        }
    }

    const fn blame_route(&mut self, route: &[StageDesc], around: Around, search: &mut Search) {
        let (blamed, covered) = (search.blamed, search.covered);
        search.covered = false;
        let mut rest = route;
        while let Some((stage, others)) = rest.split_first() {
            let first = search.handler;
            self.blame_stage(stage, around, search);
            search.handler = first + handlers(stage);
            if let Course::Leads | Course::Ends | Course::Fails =
                self.stage(stage, search.clause, around)
            {
                break;
            }
            rest = others;
        }
        if search.covered {
            search.blamed = blamed;
        }
        search.covered |= covered;
    }

    const fn blame_stage(&mut self, stage: &StageDesc, around: Around, search: &mut Search) {
        match stage {
            StageDesc::Handler(handler) => {
                if may_fail(handler) && !around.has_else {
                    let rescue = self.rescue_of(handler, around.in_rescue);
                    if rescue != NOWHERE && !self.slots[rescue].leads {
                        search.followed = true;
                        self.blame(rescue);
                    }
                }
                search.before = search.handler;
                let line = handler.location.line;
                self.blame_alternatives(handler.emits, handler.shape.success, search, Some(line));
            }
            StageDesc::Emit { events, shape } => {
                self.blame_alternatives(events, shape.success, search, None);
            }
            StageDesc::Join(branches) | StageDesc::First(branches) => {
                let mut branches = *branches;
                while let Some((branch, rest)) = branches.split_first() {
                    let first = search.handler;
                    self.blame_route(branch, around, search);
                    search.handler = first + all_handlers(branch);
                    branches = rest;
                }
            }
            StageDesc::Choice(arms) => {
                let mut arms = *arms;
                let covered = search.covered;
                while let Some((arm, rest)) = arms.split_first() {
                    let (first, before) = (search.handler, search.before);
                    if !matches!(self.route(arm.route, search.clause, around), Course::Leads) {
                        self.blame_route(arm.route, around, search);
                    }
                    search.handler = first + all_handlers(arm.route);
                    search.before = before;
                    search.covered = covered;
                    arms = rest;
                }
            }
            StageDesc::Each { route, .. } => {
                let covered = search.covered;
                self.blame_route(route, around, search);
                search.covered = covered;
            }
            StageDesc::Else { route, stand_in } => {
                let (first, covered) = (search.handler, search.covered);
                let tried = Around {
                    has_else: true,
                    ..around
                };
                self.blame_route(route, tried, search);
                search.handler = first + all_handlers(route);
                self.blame_route(stand_in, around, search);
                search.covered = covered;
            }
            StageDesc::Ask { .. } => {
                let mut other = search.clause + 1;
                while other < self.graph.clauses.len()
                    && matches!(
                        self.graph.clauses[other].trigger,
                        TriggerDesc::Answered(_) | TriggerDesc::Unanswered(_)
                    )
                {
                    if !self.slots[other].leads {
                        search.followed = true;
                        self.blame(other);
                    }
                    other += 1;
                }
            }
            StageDesc::Ignore => {
                if !search.blamed.is_of_a_path() && search.before != Finding::CLAUSE {
                    search.blamed = Finding {
                        handler: search.before,
                        ..Finding::at(search.clause, IGNORED)
                    };
                }
            }
            StageDesc::Closure(_) | StageDesc::End | StageDesc::EndNow | StageDesc::Skip => {}
        }
    }

    /// Blames what emits one of these alternatives, or follows what it emits. A handler has the
    /// line of its definition, and an `emit` has none.
    const fn blame_alternatives(
        &mut self,
        events: &[EventDesc],
        all: &[Alternative],
        search: &mut Search,
        defined: Option<u32>,
    ) {
        let (mut i, mut covered) = (0, true);
        while i < all.len() {
            if self.led_to(events, &all[i]) == NOWHERE && !self.follow(events, &all[i], search) {
                covered = false;
                let (kind, event, line) = match (defined, self.leading(events, all)) {
                    (None, _) => (RETURNS_SHORT, 0, 0),
                    (Some(_), 0) => (DEAD_END, 0, 0),
                    (Some(_), event) if all[i].line > 0 => (MAY_STOP_SHORT, event, all[i].line),
                    (Some(line), event) => (MAY_STOP_SHORT, event, line),
                };
                // One that could lead on is the one to change.
                if !search.blamed.is_of_a_path() {
                    let found = Finding {
                        handler: search.before,
                        alternative: i,
                        event,
                        line,
                        ..Finding::at(search.clause, kind)
                    };
                    search.blamed = if kind == MAY_STOP_SHORT {
                        found.of(&all[i], all)
                    } else {
                        found
                    };
                }
            }
            i += 1;
        }
        search.covered |= covered;
    }

    /// Looks at the clauses that the call certainly leads to, and returns whether there are any.
    const fn follow(
        &mut self,
        events: &[EventDesc],
        alternative: &Alternative,
        search: &mut Search,
    ) -> bool {
        let mut followed = false;
        let mut e = 0;
        while e < events.len() && !alternative.emits.is_empty() {
            if alternative.count(e).least > 0 {
                let mut wait = self.first(events[e].id);
                while wait != NOWHERE {
                    let clause = self.waits[wait].clause;
                    followed = true;
                    if self.slots[clause].leads {
                        // It is a finding already that its partners may not come.
                        let mut other = clause + 1;
                        while other < self.slots.len() && self.is_left_over(other) {
                            self.blame(other);
                            other += 1;
                        }
                    } else if self.slots[clause].seen && !self.slots[clause].may_end {
                        if self.slots[clause].finding.kind == PROVED {
                            self.slots[clause].finding = Finding::at(clause, LOOP);
                        }
                    } else {
                        self.blame(clause);
                    }
                    wait = self.waits[wait].next;
                }
            }
            e += 1;
        }
        search.followed |= followed;
        followed
    }

    /// The number of an event that the call may emit and that may lead to the end, counted from 1.
    #[allow(clippy::cast_possible_truncation, reason = "less than `u8::MAX`")]
    const fn leading(&self, events: &[EventDesc], all: &[Alternative]) -> u8 {
        let mut e = 0;
        while e < events.len() && e + 1 < u8::MAX as usize {
            let mut i = 0;
            while i < all.len() {
                if all[i].count(e).may_be_any() && self.may_lead(events[e].id, Set::MayEnd) {
                    return e as u8 + 1;
                }
                i += 1;
            }
            e += 1;
        }
        0
    }
}

/// Whether a stage can come to nothing, and does not prove that it never does.
const fn needs_a_proof(stage: &GraphDesc) -> bool {
    if stage.sound {
        return false;
    }
    if stage.output.is_some() {
        return true;
    }
    let mut clauses = stage.clauses;
    while let Some((clause, rest)) = clauses.split_first() {
        if let TriggerDesc::All(_) | TriggerDesc::Times { .. } = clause.trigger {
            return true;
        }
        clauses = rest;
    }
    false
}

/// How many handlers are in the stage.
const fn handlers(stage: &StageDesc) -> usize {
    match stage {
        StageDesc::Handler(HandlerDesc { .. }) => 1,
        StageDesc::Join(branches) | StageDesc::First(branches) => {
            let (mut branches, mut all) = (*branches, 0);
            while let Some((branch, rest)) = branches.split_first() {
                all += all_handlers(branch);
                branches = rest;
            }
            all
        }
        StageDesc::Choice(arms) => {
            let (mut arms, mut all) = (*arms, 0);
            while let Some((arm, rest)) = arms.split_first() {
                all += all_handlers(arm.route);
                arms = rest;
            }
            all
        }
        StageDesc::Each { route, .. } => all_handlers(route),
        StageDesc::Else { route, stand_in } => all_handlers(route) + all_handlers(stand_in),
        _ => 0,
    }
}

const fn all_handlers(mut route: &[StageDesc]) -> usize {
    let mut all = 0;
    while let Some((stage, rest)) = route.split_first() {
        all += handlers(stage);
        route = rest;
    }
    all
}
