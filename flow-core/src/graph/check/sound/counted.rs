//! How often each stage of a route runs, and how many events it emits in all.

use crate::graph::check::rescued::may_fail;
use crate::graph::check::sound::forms::{minus, plus};
use crate::graph::check::sound::memory::NOWHERE;
use crate::graph::check::sound::net::Net;
use crate::graph::check::sound::output::Around;
use crate::graph::desc::{GraphDesc, HandlerDesc, StageDesc, TriggerDesc};
use crate::graph::event::EventDesc;
use crate::graph::shape::{Alternative, may_emit};

/// What is around a stage whose activations are counted.
#[derive(Clone, Copy)]
pub(super) struct Counted {
    pub(super) around: Around,
    /// A part of the route may be dropped, so that what it emits is unknown.
    pub(super) uncertain: bool,
}

impl Net<'_> {
    /// Counts what a route emits that is run `count` times, and returns how often it is passed.
    /// `failed` is how often its errors lead to an `else`.
    pub(super) const fn count_route(
        &mut self,
        mut route: &[StageDesc],
        clause: usize,
        mut count: u64,
        counted: Counted,
        failed: &mut u64,
    ) -> u64 {
        while let Some((stage, rest)) = route.split_first() {
            count = self.count_stage(stage, clause, count, counted, failed);
            route = rest;
        }
        count
    }

    const fn count_stage(
        &mut self,
        stage: &StageDesc,
        clause: usize,
        count: u64,
        counted: Counted,
        failed: &mut u64,
    ) -> u64 {
        match stage {
            StageDesc::Handler(handler) => self.count_handler(handler, count, counted, failed),
            StageDesc::Join(branches) => {
                let leaves = self.may_leave_any(branches, counted.around);
                let (mut i, mut passed) = (0, count);
                while i < branches.len() {
                    let within = Counted {
                        uncertain: counted.uncertain
                            || self.is_dropped(branches, i, counted.around),
                        ..counted
                    };
                    let mut dropped = 0;
                    if self.count_route(branches[i], clause, count, within, &mut dropped) != count {
                        passed = 0;
                    }
                    i += 1;
                }
                if leaves {
                    self.fails(count, failed)
                } else if passed != count {
                    self.variable()
                } else {
                    count
                }
            }
            // The others are dropped, wherever they are.
            StageDesc::First(branches) => {
                let leaves = self.may_leave_any(branches, counted.around);
                let is_given_up = self.is_given_up(std::slice::from_ref(stage));
                let within = Counted {
                    uncertain: true,
                    ..counted
                };
                let mut branches = *branches;
                while let Some((branch, rest)) = branches.split_first() {
                    let (run, mut dropped) = (self.variable(), 0);
                    self.count_route(branch, clause, run, within, &mut dropped);
                    branches = rest;
                }
                self.passes(count, (leaves, is_given_up), failed)
            }
            StageDesc::Each { route, .. } => {
                let leaves = self.may_leave(route, counted.around);
                let is_given_up = self.is_given_up(route);
                // The other items are.
                let within = Counted {
                    uncertain: counted.uncertain || leaves || is_given_up,
                    ..counted
                };
                let (items, mut dropped) = (self.variable(), 0);
                self.count_route(route, clause, items, within, &mut dropped);
                self.passes(count, (leaves, is_given_up), failed)
            }
            StageDesc::Choice(arms) => {
                let (mut arms, mut rest_of, mut passed) = (*arms, count, 0);
                while let Some((arm, rest)) = arms.split_first() {
                    let taken = if rest.is_empty() {
                        rest_of
                    } else {
                        self.variable()
                    };
                    rest_of = minus(rest_of, taken);
                    let through = self.count_route(arm.route, clause, taken, counted, failed);
                    passed = plus(passed, through);
                    arms = rest;
                }
                passed
            }
            StageDesc::Else { route, stand_in } => {
                let tried = Counted {
                    around: Around {
                        has_else: true,
                        ..counted.around
                    },
                    ..counted
                };
                let mut replaced = 0;
                let passed = self.count_route(route, clause, count, tried, &mut replaced);
                let stood_in = self.count_route(stand_in, clause, replaced, counted, failed);
                plus(passed, stood_in)
            }
            StageDesc::Emit { events, shape } => {
                self.count_alternatives(events, shape.success, count, counted);
                0
            }
            StageDesc::Ask { .. } => {
                self.count_answers(clause, count);
                0
            }
            StageDesc::End | StageDesc::EndNow | StageDesc::Ignore | StageDesc::Skip => 0,
            StageDesc::Closure(_) => count,
        }
    }

    /// How often a stage is passed whose routes may be left by an error, or given up with the
    /// whole.
    const fn passes(
        &mut self,
        count: u64,
        (leaves, is_given_up): (bool, bool),
        failed: &mut u64,
    ) -> u64 {
        let passed = if leaves {
            self.fails(count, failed)
        } else {
            count
        };
        if is_given_up { self.variable() } else { passed }
    }

    /// Some of the calls fail, and the rest goes on.
    const fn fails(&mut self, count: u64, failed: &mut u64) -> u64 {
        let of_these = self.variable();
        *failed = plus(*failed, of_these);
        minus(count, of_these)
    }

    /// Each question is answered or not. At the end of the execution it is given up.
    const fn count_answers(&mut self, clause: usize, count: u64) {
        let answered = clause + 1;
        if answered >= self.slots.len() || !self.follows(answered) {
            return;
        }
        let unanswered = answered + 1;
        let has_else = unanswered < self.slots.len()
            && matches!(
                self.graph.clauses[unanswered].trigger,
                TriggerDesc::Unanswered(_)
            );
        let times = if has_else || self.gives_up {
            self.variable()
        } else {
            count
        };
        self.slots[answered].count = times;
        if has_else {
            self.slots[unanswered].count = minus(count, times);
        }
    }

    const fn count_handler(
        &mut self,
        handler: &HandlerDesc,
        count: u64,
        counted: Counted,
        failed: &mut u64,
    ) -> u64 {
        let rescue = if counted.around.has_else || !may_fail(handler) || !self.has_rescues {
            NOWHERE
        } else {
            self.rescue_of(handler, counted.around.in_rescue)
        };
        // What fails otherwise is not in an execution that comes to its end.
        let leaves = may_fail(handler) && (counted.around.has_else || rescue != NOWHERE);
        let failing = if !leaves {
            0
        } else if handler.shape.success.is_empty() {
            count
        } else {
            self.variable()
        };
        let mut passed = minus(count, failing);
        if counted.around.has_else {
            *failed = plus(*failed, failing);
        } else if rescue != NOWHERE {
            self.slots[rescue].count = plus(self.slots[rescue].count, failing);
        }
        self.count_alternatives(handler.emits, handler.shape.success, passed, counted);
        // A timeout may come after any event, and each attempt emits again.
        let is_clear = !handler.may_be_cut_short() && !handler.emits_again();
        if !is_clear && (leaves || handler.emits_again()) {
            self.count_attempts(handler);
        } else if leaves {
            self.count_alternatives(handler.emits, handler.shape.failure, failing, counted);
        }
        if self.gives_up && is_of_the_outside(handler) {
            passed = self.variable();
        }
        passed
    }

    /// Attempts that fail may emit any number of these.
    const fn count_attempts(&mut self, handler: &HandlerDesc) {
        let mut e = 0;
        while e < handler.emits.len() {
            if may_emit(handler.shape.failure, e)
                || (handler.may_be_cut_short() && may_emit(handler.shape.success, e))
            {
                let first = self.first(handler.emits[e].id);
                if first != NOWHERE {
                    let some = self.variable();
                    self.add(first, some, 1);
                }
            }
            e += 1;
        }
    }

    const fn count_alternatives(
        &mut self,
        events: &[EventDesc],
        all: &[Alternative],
        count: u64,
        counted: Counted,
    ) {
        let (mut i, mut rest) = (0, count);
        while i < all.len() {
            let taken = if i + 1 == all.len() {
                rest
            } else {
                self.variable()
            };
            rest = minus(rest, taken);
            let mut e = 0;
            while e < events.len() {
                let emitted = all[i].count(e);
                let first = self.first(events[e].id);
                if first != NOWHERE && emitted.may_be_any() {
                    match emitted.most {
                        Some(most) if most == emitted.least && !counted.uncertain => {
                            self.add(first, taken, most as u64);
                        }
                        _ => {
                            let some = self.variable();
                            self.add(first, some, 1);
                        }
                    }
                }
                e += 1;
            }
            i += 1;
        }
    }

    /// Whether the branch may be dropped before it is over: because another one fails, or because
    /// what another one waits for is given up, and with it the whole route. Up to where a branch
    /// itself fails or waits, it has emitted what it has.
    const fn is_dropped(&self, branches: &[&[StageDesc]], branch: usize, around: Around) -> bool {
        let mut other = 0;
        while other < branches.len() {
            if other != branch
                && (self.may_leave(branches[other], around) || self.is_given_up(branches[other]))
            {
                return true;
            }
            other += 1;
        }
        false
    }

    /// Whether the route may be given up when the end is decided, because a stage of it waits for
    /// the outside.
    const fn is_given_up(&self, route: &[StageDesc]) -> bool {
        self.gives_up && waits_for_the_outside(route)
    }

    /// Whether an error in a branch leads out of it without ending the execution.
    const fn may_leave_any(&self, mut branches: &[&[StageDesc]], around: Around) -> bool {
        while let Some((branch, rest)) = branches.split_first() {
            if self.may_leave(branch, around) {
                return true;
            }
            branches = rest;
        }
        false
    }

    const fn may_leave(&self, mut route: &[StageDesc], around: Around) -> bool {
        while let Some((stage, rest)) = route.split_first() {
            let may = match stage {
                StageDesc::Handler(handler) => {
                    may_fail(handler)
                        && (around.has_else
                            || (self.has_rescues
                                && self.rescue_of(handler, around.in_rescue) != NOWHERE))
                }
                StageDesc::Join(branches) | StageDesc::First(branches) => {
                    self.may_leave_any(branches, around)
                }
                StageDesc::Choice(arms) => {
                    let (mut arms, mut any) = (*arms, false);
                    while let Some((arm, others)) = arms.split_first() {
                        any |= self.may_leave(arm.route, around);
                        arms = others;
                    }
                    any
                }
                StageDesc::Each { route, .. } => self.may_leave(route, around),
                // Its errors are those of the stand-in.
                StageDesc::Else { stand_in, .. } => self.may_leave(stand_in, around),
                _ => false,
            };
            if may {
                return true;
            }
            route = rest;
        }
        false
    }
}

/// Whether any stage of the route may be given up when the end is decided.
const fn waits_for_the_outside(mut route: &[StageDesc]) -> bool {
    while let Some((stage, rest)) = route.split_first() {
        let waits = match stage {
            StageDesc::Handler(handler) => is_of_the_outside(handler),
            StageDesc::Join(branches) | StageDesc::First(branches) => {
                let (mut branches, mut any) = (*branches, false);
                while let Some((branch, others)) = branches.split_first() {
                    any |= waits_for_the_outside(branch);
                    branches = others;
                }
                any
            }
            StageDesc::Choice(arms) => {
                let (mut arms, mut any) = (*arms, false);
                while let Some((arm, others)) = arms.split_first() {
                    any |= waits_for_the_outside(arm.route);
                    arms = others;
                }
                any
            }
            StageDesc::Each { route, .. } => waits_for_the_outside(route),
            StageDesc::Else { route, stand_in } => {
                waits_for_the_outside(route) || waits_for_the_outside(stand_in)
            }
            _ => false,
        };
        if waits {
            return true;
        }
        route = rest;
    }
    false
}

/// Whether the handler waits for the outside: it asks a question, or is a flow that does.
const fn is_of_the_outside(handler: &HandlerDesc) -> bool {
    if handler.asks.is_some() {
        return true;
    }
    match handler.graph {
        Some(stage) => {
            !stage.external.is_empty() || stage.asks() || stage.stages_wait() || ticks(stage)
        }
        None => false,
    }
}

const fn ticks(stage: &GraphDesc) -> bool {
    let mut clauses = stage.clauses;
    while let Some((clause, rest)) = clauses.split_first() {
        if let TriggerDesc::Every { .. } = clause.trigger {
            return true;
        }
        clauses = rest;
    }
    false
}
