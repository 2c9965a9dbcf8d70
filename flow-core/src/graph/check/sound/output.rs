//! Whether the flow always comes to its output.
//!
//! A clause *leads on* if each way that an activation of it can go comes to an `end`, to a failure
//! that is told, or emits an event for a clause that leads on. It must also have a way to the
//! `end`, so that a loop that ends comes there. The clauses that lead on are a greatest fixpoint,
//! within the least fixpoint of those that may come to the `end`.

use crate::graph::check::rescued::{all_may_fail, may_fail};
use crate::graph::check::sound::memory::NOWHERE;
use crate::graph::check::sound::net::{Net, Set};
use crate::graph::desc::{HandlerDesc, StageDesc, TriggerDesc};
use crate::graph::event::EventDesc;
use crate::graph::shape::Alternative;

/// How an activation goes on, as far as it is certain.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    /// Each way has led on.
    Leads,
    /// Some way goes on to the next stage, and has not led on yet.
    GoesOn,
    /// Some way is over, and has not led on.
    Ends,
    /// An error leads to a rescue that does not lead on.
    Fails,
}

/// What is around a stage.
#[derive(Clone, Copy)]
pub(super) struct Around {
    pub(super) in_rescue: bool,
    /// Errors lead to a stand-in.
    pub(super) has_else: bool,
}

impl Around {
    pub(super) const fn of(trigger: &TriggerDesc) -> Self {
        Self {
            in_rescue: !trigger.is_rescued() || matches!(trigger, TriggerDesc::Finally),
            has_else: false,
        }
    }
}

impl Net<'_> {
    /// Proves that the flow comes to its output, or finds the reasons why it may not.
    pub(super) const fn find_output(&mut self) {
        self.find_may_end();
        let mut i = 0;
        while i < self.slots.len() {
            self.slots[i].leads = self.slots[i].may_end;
            i += 1;
        }
        self.narrow();
        if !self.begins() {
            self.find_reasons();
        }
    }

    /// The clauses that may lead to an `end`: a clause after those that it leads to, in the reverse
    /// of the order of the balance, so that only a cycle takes more than one pass.
    const fn find_may_end(&mut self) {
        let mut changed = true;
        while changed {
            changed = false;
            let mut i = 0;
            while i < self.slots.len() {
                let clause = self.slots[self.slots.len() - 1 - i].order;
                let of_clause = &self.graph.clauses[clause];
                let around = Around::of(&of_clause.trigger);
                if !self.slots[clause].may_end
                    && !matches!(of_clause.trigger, TriggerDesc::Finally)
                    && self.may_end(of_clause.route, clause, around)
                {
                    self.slots[clause].may_end = true;
                    changed = true;
                }
                i += 1;
            }
        }
    }

    const fn may_end(&self, mut route: &[StageDesc], clause: usize, around: Around) -> bool {
        while let Some((stage, rest)) = route.split_first() {
            let may = match stage {
                StageDesc::End | StageDesc::EndNow => true,
                StageDesc::Handler(handler) => self.handler_may_end(handler, around),
                StageDesc::Emit { events, shape } => self.any_may_end(events, shape.success),
                StageDesc::Join(branches) | StageDesc::First(branches) => {
                    let (mut branches, mut any) = (*branches, false);
                    while let Some((branch, rest)) = branches.split_first() {
                        any |= self.may_end(branch, clause, around);
                        branches = rest;
                    }
                    any
                }
                StageDesc::Choice(arms) => {
                    let (mut arms, mut any) = (*arms, false);
                    while let Some((arm, rest)) = arms.split_first() {
                        any |= self.may_end(arm.route, clause, around);
                        arms = rest;
                    }
                    any
                }
                StageDesc::Each { route, .. } => self.may_end(route, clause, around),
                StageDesc::Else { route, stand_in } => {
                    let tried = Around {
                        has_else: true,
                        ..around
                    };
                    self.may_end(route, clause, tried) || self.may_end(stand_in, clause, around)
                }
                StageDesc::Ask { .. } => self.answers(clause, Set::MayEnd, false),
                StageDesc::Closure(_) | StageDesc::Ignore | StageDesc::Skip => false,
            };
            if may {
                return true;
            }
            route = rest;
        }
        false
    }

    const fn handler_may_end(&self, handler: &HandlerDesc, around: Around) -> bool {
        if may_fail(handler) && !around.has_else {
            let rescue = self.rescue_of(handler, around.in_rescue);
            // A failure that is told, if nothing else can come of it.
            if rescue == NOWHERE && handler.shape.success.is_empty() {
                return true;
            }
            if rescue != NOWHERE && self.slots[rescue].may_end {
                return true;
            }
        }
        self.any_may_end(handler.emits, handler.shape.success)
            || self.any_may_end(handler.emits, handler.shape.failure)
    }

    const fn any_may_end(&self, events: &[EventDesc], mut all: &[Alternative]) -> bool {
        while let Some((alternative, rest)) = all.split_first() {
            let mut e = 0;
            while e < events.len() {
                if alternative.count(e).may_be_any() && self.may_lead(events[e].id, Set::MayEnd) {
                    return true;
                }
                e += 1;
            }
            all = rest;
        }
        false
    }

    /// Whether the clauses for the answer to the question of this clause, and for its absence, are
    /// in the set: all of them, or any.
    const fn answers(&self, clause: usize, set: Set, all: bool) -> bool {
        let mut other = clause + 1;
        while other < self.graph.clauses.len()
            && matches!(
                self.graph.clauses[other].trigger,
                TriggerDesc::Answered(_) | TriggerDesc::Unanswered(_)
            )
        {
            if self.is_in(other, set) != all {
                return !all;
            }
            other += 1;
        }
        all
    }

    /// Whether the clause for the absence of an answer to the question of this clause leads on.
    const fn unanswered_leads(&self, clause: usize) -> bool {
        let mut other = clause + 1;
        while other < self.graph.clauses.len() {
            match self.graph.clauses[other].trigger {
                TriggerDesc::Unanswered(_) => return self.slots[other].leads,
                TriggerDesc::Answered(_) => {}
                _ => return false,
            }
            other += 1;
        }
        false
    }

    /// Removes the clauses that do not certainly lead to another one, or to an `end`, in the same
    /// order.
    pub(super) const fn narrow(&mut self) {
        let mut changed = true;
        while changed {
            changed = false;
            let mut i = 0;
            while i < self.slots.len() {
                let clause = self.slots[self.slots.len() - 1 - i].order;
                if self.slots[clause].leads && !self.clause_leads(clause) {
                    self.slots[clause].leads = false;
                    changed = true;
                }
                i += 1;
            }
        }
    }

    pub(super) const fn clause_leads(&self, clause: usize) -> bool {
        let of_clause = &self.graph.clauses[clause];
        let around = Around::of(&of_clause.trigger);
        matches!(self.route(of_clause.route, clause, around), Course::Leads)
    }

    /// Whether the execution certainly comes to a clause that leads on: by its `start`, by an event
    /// that the outside sends, or by a clock, which goes on until the `end`.
    const fn begins(&self) -> bool {
        let mut i = 0;
        while i < self.slots.len() {
            let begins = match self.graph.clauses[i].trigger {
                TriggerDesc::Start => self.slots[i].leads,
                TriggerDesc::Every { .. } => self.slots[i].may_end,
                _ => false,
            };
            if begins {
                return true;
            }
            i += 1;
        }
        let mut i = 0;
        while i < self.graph.external.len() {
            let mut wait = self.first(self.graph.external[i].id);
            while wait != NOWHERE {
                let clause = self.waits[wait].clause;
                let is_alone = matches!(self.graph.clauses[clause].trigger, TriggerDesc::Event(_));
                if is_alone && self.slots[clause].leads {
                    return true;
                }
                wait = self.waits[wait].next;
            }
            i += 1;
        }
        false
    }

    pub(super) const fn route(
        &self,
        mut route: &[StageDesc],
        clause: usize,
        around: Around,
    ) -> Course {
        let mut all = Course::GoesOn;
        while let Some((stage, rest)) = route.split_first() {
            match (self.stage(stage, clause, around), all) {
                (Course::GoesOn, _) => {}
                // A later stage may be a way out.
                (Course::Leads, _) if self.after_end => all = Course::Leads,
                (Course::Ends, Course::Leads) => return Course::Leads,
                (course, _) => return course,
            }
            route = rest;
        }
        all
    }

    pub(super) const fn stage(&self, stage: &StageDesc, clause: usize, around: Around) -> Course {
        match stage {
            StageDesc::Handler(handler) => self.handler(handler, around),
            // All branches run, unless one of them fails.
            StageDesc::Join(branches) => {
                let (mut branches, mut all) = (*branches, Course::GoesOn);
                while let Some((branch, rest)) = branches.split_first() {
                    match (self.route(branch, clause, around), all) {
                        (Course::Fails, _) => return Course::Fails,
                        (Course::Leads, _) => all = Course::Leads,
                        (Course::Ends, Course::GoesOn) => all = Course::Ends,
                        _ => {}
                    }
                    branches = rest;
                }
                all
            }
            // One branch comes to its end, and the others are dropped.
            StageDesc::First(branches) => {
                // The error of a branch goes nowhere if another one cannot fail.
                let around = Around {
                    has_else: around.has_else || (self.after_end && !all_may_fail(branches)),
                    ..around
                };
                let (mut branches, mut all) = (*branches, Course::Leads);
                while let Some((branch, rest)) = branches.split_first() {
                    all = either(all, self.route(branch, clause, around));
                    branches = rest;
                }
                all
            }
            // There may be no item.
            StageDesc::Each { route, .. } => match self.route(route, clause, around) {
                Course::Fails => Course::Fails,
                _ => Course::GoesOn,
            },
            StageDesc::Choice(arms) => {
                let (mut arms, mut all) = (*arms, Course::Leads);
                while let Some((arm, rest)) = arms.split_first() {
                    all = either(all, self.route(arm.route, clause, around));
                    arms = rest;
                }
                all
            }
            StageDesc::Else { route, stand_in } => {
                let tried = Around {
                    has_else: true,
                    ..around
                };
                match self.route(route, clause, tried) {
                    Course::Leads if self.fails_leading(route) => Course::Leads,
                    tried => either(tried, self.route(stand_in, clause, around)),
                }
            }
            StageDesc::Emit { events, shape } => {
                if self.all_lead(events, shape.success) {
                    Course::Leads
                } else {
                    Course::Ends
                }
            }
            StageDesc::Ask { .. } => {
                // Nothing is answered after the `end`.
                let leads = if self.after_end {
                    self.unanswered_leads(clause)
                } else {
                    self.answers(clause, Set::Leads, true)
                };
                if leads { Course::Leads } else { Course::Ends }
            }
            StageDesc::End if self.after_end => Course::Ends,
            StageDesc::EndNow if self.after_end => Course::Fails,
            StageDesc::End | StageDesc::EndNow => Course::Leads,
            StageDesc::Ignore | StageDesc::Skip => Course::Ends,
            StageDesc::Closure(_) => Course::GoesOn,
        }
    }

    /// Whether the route has led on even if it fails, by what was emitted before.
    const fn fails_leading(&self, mut route: &[StageDesc]) -> bool {
        while let Some((stage, rest)) = route.split_first() {
            match stage {
                StageDesc::Handler(handler) => {
                    if may_fail(handler)
                        && (handler.timeout.is_some()
                            || handler.shape.failure.is_empty()
                            || !self.all_lead(handler.emits, handler.shape.failure))
                    {
                        return false;
                    }
                    if self.all_lead(handler.emits, handler.shape.success) {
                        return true;
                    }
                }
                StageDesc::Closure(_) => {}
                // After the `end`, what is not known may go round.
                _ => return self.after_end,
            }
            route = rest;
        }
        true
    }

    const fn handler(&self, handler: &HandlerDesc, around: Around) -> Course {
        if may_fail(handler) && !around.has_else {
            let rescue = self.rescue_of(handler, around.in_rescue);
            // Then the execution is over.
            if self.after_end && rescue == NOWHERE {
                return Course::Fails;
            }
            if rescue != NOWHERE
                && !self.slots[rescue].leads
                // A timeout comes before anything is emitted.
                && (handler.timeout.is_some()
                    || handler.shape.failure.is_empty()
                    || !self.all_lead(handler.emits, handler.shape.failure))
            {
                return Course::Fails;
            }
        }
        if self.all_lead(handler.emits, handler.shape.success) {
            Course::Leads
        } else {
            Course::GoesOn
        }
    }
}

/// The course if either way may be taken.
const fn either(one: Course, other: Course) -> Course {
    match (one, other) {
        (Course::Fails, _) | (_, Course::Fails) => Course::Fails,
        (Course::Ends, _) | (_, Course::Ends) => Course::Ends,
        (Course::Leads, Course::Leads) => Course::Leads,
        _ => Course::GoesOn,
    }
}
