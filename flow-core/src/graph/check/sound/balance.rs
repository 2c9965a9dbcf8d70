//! Whether nothing is left over: each clause that waits for several events gets as many of each.
//!
//! The number of times that a clause runs, in an execution that comes to its end, is a linear form:
//! a sum of variables, such as how often the outside sends an event, how many items an `each` has,
//! or how often a call goes one way and not the other. Two events come equally often if their forms
//! are equal.
//!
//! A form is kept as its value where each variable has a random value, modulo a prime of 61 bits.
//! Two forms that differ have the same value with a probability of 2⁻⁶¹.

use crate::graph::check::sound::net::{NOWHERE, Net, may_fail};
use crate::graph::check::sound::output::Around;
use crate::graph::desc::{GraphDesc, HandlerDesc, StageDesc, TriggerDesc};
use crate::graph::event::EventDesc;
use crate::graph::shape::Alternative;

/// The modulus of forms.
const PRIME: u64 = (1 << 61) - 1;

/// How many times the number of activations of another clause a multiple may be.
const MULTIPLES: u64 = 4;

/// What is around a stage whose activations are counted.
#[derive(Clone, Copy)]
struct Counted {
    around: Around,
    /// A part of the route may be dropped, so that what it emits is unknown.
    uncertain: bool,
}

impl Net<'_> {
    /// Finds the clauses of which nothing is left over, in an order in which the causes of a clause
    /// come before it. Where there is a cycle, the number of its activations is a variable.
    pub(super) const fn find_balance(&mut self) {
        self.note_causes();
        let mut i = 0;
        while i < self.graph.external.len() {
            let first = self.first(self.graph.external[i].id);
            if first != NOWHERE {
                let sent = self.variable();
                self.add(first, sent, 1);
            }
            i += 1;
        }
        let (mut done, mut found) = (0, 0);
        let mut i = 0;
        while i < self.slots.len() {
            if self.slots[i].causes == 0 {
                self.slots[found].order = i;
                self.slots[i].ordered = true;
                found += 1;
            }
            i += 1;
        }
        while done < self.slots.len() {
            if done == found {
                let clause = self.first_of_cycle();
                self.slots[found].order = clause;
                self.slots[clause].ordered = true;
                self.slots[clause].on_cycle = true;
                found += 1;
            }
            let clause = self.slots[done].order;
            done += 1;
            self.count_clause(clause);
            found = self.release(clause, found);
        }
        let mut i = 0;
        while i < self.slots.len() {
            if self.slots[i].on_cycle {
                self.slots[i].balanced = self.is_balanced(i);
            }
            i += 1;
        }
    }

    /// The clause to begin a cycle with: one that something leads to already.
    const fn first_of_cycle(&self) -> usize {
        let (mut any, mut i) = (NOWHERE, 0);
        while i < self.slots.len() {
            if !self.slots[i].ordered {
                if self.slots[i].is_caused {
                    return i;
                }
                if any == NOWHERE {
                    any = i;
                }
            }
            i += 1;
        }
        any
    }

    /// Counts the causes of each clause.
    const fn note_causes(&mut self) {
        let mut clause = 0;
        while clause < self.slots.len() {
            let mut number = 0;
            while let Some((_, mut wait)) = self.effect(clause, number) {
                while wait != NOWHERE {
                    self.slots[self.waits[wait].clause].causes += 1;
                    wait = self.waits[wait].next;
                }
                number += 1;
            }
            let mut handlers = self.graph.clauses[clause].handlers;
            while let Some((handler, rest)) = handlers.split_first() {
                let rescue = self.rescue_from(clause, handler);
                if rescue != NOWHERE {
                    self.slots[rescue].causes += 1;
                }
                handlers = rest;
            }
            if self.follows(clause) {
                self.slots[clause].causes += 1;
            }
            clause += 1;
        }
    }

    /// Adds the clauses to the order whose causes have all been counted.
    const fn release(&mut self, clause: usize, mut found: usize) -> usize {
        let mut number = 0;
        while let Some((_, mut wait)) = self.effect(clause, number) {
            while wait != NOWHERE {
                found = self.release_one(self.waits[wait].clause, found);
                wait = self.waits[wait].next;
            }
            number += 1;
        }
        let mut handlers = self.graph.clauses[clause].handlers;
        while let Some((handler, rest)) = handlers.split_first() {
            let rescue = self.rescue_from(clause, handler);
            if rescue != NOWHERE {
                found = self.release_one(rescue, found);
            }
            handlers = rest;
        }
        if clause + 1 < self.slots.len() && self.follows(clause + 1) {
            found = self.release_one(clause + 1, found);
        }
        found
    }

    const fn release_one(&mut self, clause: usize, found: usize) -> usize {
        let slot = &mut self.slots[clause];
        slot.is_caused = true;
        slot.causes -= 1;
        if slot.causes > 0 || slot.ordered {
            return found;
        }
        slot.ordered = true;
        self.slots[found].order = clause;
        found + 1
    }

    /// The event with this number that the clause may emit, and the first wait for it, [`NOWHERE`] if
    /// no clause waits for it; `None` after the last.
    pub(super) const fn effect(&self, clause: usize, mut number: usize) -> Option<(u64, usize)> {
        let clause = &self.graph.clauses[clause];
        let mut handlers = clause.handlers;
        while let Some((handler, rest)) = handlers.split_first() {
            if number < handler.emits.len() {
                let event = handler.emits[number].id;
                return Some((event, self.first(event)));
            }
            number -= handler.emits.len();
            handlers = rest;
        }
        let mut emits = clause.emits;
        while let Some((events, rest)) = emits.split_first() {
            if number < events.len() {
                let event = events[number].id;
                return Some((event, self.first(event)));
            }
            number -= events.len();
            emits = rest;
        }
        None
    }

    pub(super) const fn rescue_from(&self, clause: usize, handler: &HandlerDesc) -> usize {
        if !self.has_rescues || !may_fail(handler) {
            return NOWHERE;
        }
        let around = Around::of(&self.graph.clauses[clause].trigger);
        self.rescue_of(handler, around.in_rescue)
    }

    /// Whether the clause belongs to the one before: the answer to its question, or its `else`.
    pub(super) const fn follows(&self, clause: usize) -> bool {
        matches!(
            self.graph.clauses[clause].trigger,
            TriggerDesc::Answered(_) | TriggerDesc::Unanswered(_) | TriggerDesc::LeftOver(_)
        )
    }

    /// Counts what the clause emits.
    const fn count_clause(&mut self, clause: usize) {
        let of_clause = &self.graph.clauses[clause];
        let count = match of_clause.trigger {
            TriggerDesc::Event(event) => self.comes_on_cycle(event.id, self.slots[clause].on_cycle),
            _ if self.slots[clause].on_cycle => self.variable(),
            TriggerDesc::Rescue(_) | TriggerDesc::Answered(_) | TriggerDesc::Unanswered(_) => {
                self.slots[clause].count
            }
            TriggerDesc::All(_) | TriggerDesc::Times { .. } if self.is_balanced(clause) => {
                self.slots[clause].balanced = true;
                self.runs_of(clause)
            }
            _ => self.variable(),
        };
        self.slots[clause].count = count;
        self.slots[clause].is_counted = true;
        let counted = Counted {
            around: Around::of(&of_clause.trigger),
            uncertain: self.gives_up
                && waits_for_the_outside(of_clause.handlers)
                && runs_beside(of_clause.route),
        };
        let mut failed = 0;
        self.count_route(of_clause.route, clause, count, counted, &mut failed);
    }

    /// How often the event comes. If a cycle begins with it, that is a variable, and the same one for
    /// all its clauses.
    const fn comes_on_cycle(&mut self, event: u64, begins: bool) -> u64 {
        let first = self.first(event);
        if begins && self.waits[first].assumed == 0 {
            self.waits[first].assumed = self.variable();
        }
        match self.waits[first].assumed {
            0 => self.waits[first].total,
            assumed => assumed,
        }
    }

    /// Whether both events come equally often.
    const fn come_alike(&self, one: u64, other: u64) -> bool {
        let (one, other) = (self.first(one), self.first(other));
        if one == NOWHERE || other == NOWHERE {
            return one == other;
        }
        let (one, other) = (&self.waits[one], &self.waits[other]);
        one.total == other.total
            || (one.assumed != 0 && (one.assumed == other.total || one.assumed == other.assumed))
            || (other.assumed != 0 && other.assumed == one.total)
    }

    /// How often the event comes.
    const fn total(&self, event: u64) -> u64 {
        match self.first(event) {
            NOWHERE => 0,
            first => self.waits[first].total,
        }
    }

    /// Whether as many come of each event that the clause waits for.
    const fn is_balanced(&self, clause: usize) -> bool {
        match &self.graph.clauses[clause].trigger {
            TriggerDesc::All(events) => {
                let mut i = 1;
                while i < events.len() {
                    if !self.come_alike(events[0].id, events[i].id) {
                        return false;
                    }
                    i += 1;
                }
                true
            }
            TriggerDesc::Times { event, count } => {
                let count = number(count);
                let first = self.first(event.id);
                if count == 0 || first == NOWHERE {
                    return false;
                }
                self.waits[first].divisor.is_multiple_of(count)
                    || self.is_multiple(self.waits[first].total, count)
            }
            _ => true,
        }
    }

    /// Whether the total is a multiple of `count`, because it is one of how often a clause runs.
    const fn is_multiple(&self, total: u64, count: u64) -> bool {
        let mut clause = 0;
        while clause < self.slots.len() {
            if self.slots[clause].is_counted {
                let mut times = 1;
                while times <= MULTIPLES {
                    if times_of(self.slots[clause].count, times * count) == total {
                        return true;
                    }
                    times += 1;
                }
            }
            clause += 1;
        }
        false
    }

    /// Whether the clause waits for as many events as `count` runs of the other one lead to.
    pub(super) const fn is_as_many(&self, clause: usize, other: usize, count: u64) -> bool {
        match &self.graph.clauses[clause].trigger {
            TriggerDesc::Times { event, .. } => {
                times_of(self.slots[other].count, count) == self.total(event.id)
            }
            _ => false,
        }
    }

    /// How often a clause runs of which nothing is left over.
    const fn runs_of(&mut self, clause: usize) -> u64 {
        match &self.graph.clauses[clause].trigger {
            TriggerDesc::All(events) => self.comes_on_cycle(events[0].id, false),
            TriggerDesc::Times { event, count } => {
                times_of(self.total(event.id), inverse(number(count)))
            }
            _ => self.variable(),
        }
    }

    /// A number that nothing is known of.
    const fn variable(&mut self) -> u64 {
        // SplitMix64, by Steele, Lea and Flood.
        self.variables = self.variables.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.variables ^ (self.variables >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % PRIME
    }

    /// The event with this first wait comes `times` times more in each of `count` calls.
    const fn add(&mut self, first: usize, count: u64, times: u64) {
        let wait = &mut self.waits[first];
        wait.total = plus(wait.total, times_of(count, times));
        wait.divisor = common_divisor(wait.divisor, times);
    }

    /// Counts what a route emits that is run `count` times, and returns how often it is passed.
    /// `failed` is how often its errors lead to an `else`.
    const fn count_route(
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
                let within = Counted {
                    uncertain: counted.uncertain || leaves,
                    ..counted
                };
                let (mut branches, mut passed) = (*branches, count);
                while let Some((branch, rest)) = branches.split_first() {
                    let mut dropped = 0;
                    if self.count_route(branch, clause, count, within, &mut dropped) != count {
                        passed = 0;
                    }
                    branches = rest;
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
                if leaves {
                    self.fails(count, failed)
                } else {
                    count
                }
            }
            StageDesc::Each { route, .. } => {
                let leaves = self.may_leave(route, counted.around);
                let within = Counted {
                    uncertain: counted.uncertain || leaves,
                    ..counted
                };
                let (items, mut dropped) = (self.variable(), 0);
                self.count_route(route, clause, items, within, &mut dropped);
                if leaves {
                    self.fails(count, failed)
                } else {
                    count
                }
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
        let is_clear = handler.timeout.is_none() && handler.attempts == 1;
        if !is_clear && (leaves || handler.attempts > 1) {
            self.count_attempts(handler);
        } else if leaves {
            self.count_alternatives(handler.emits, handler.shape.failure, failing, counted);
        }
        if self.gives_up && waits_for_the_outside(std::slice::from_ref(handler)) {
            passed = self.variable();
        }
        passed
    }

    /// Attempts that fail may emit any number of these.
    const fn count_attempts(&mut self, handler: &HandlerDesc) {
        let mut e = 0;
        while e < handler.emits.len() {
            if may_emit(handler.shape.failure, e)
                || (handler.timeout.is_some() && may_emit(handler.shape.success, e))
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

const fn may_emit(mut all: &[Alternative], event: usize) -> bool {
    while let Some((alternative, rest)) = all.split_first() {
        if alternative.count(event).may_be_any() {
            return true;
        }
        all = rest;
    }
    false
}

/// Whether any of them may be given up when the end is decided.
const fn waits_for_the_outside(mut handlers: &[HandlerDesc]) -> bool {
    while let Some((handler, rest)) = handlers.split_first() {
        if handler.asks.is_some() {
            return true;
        }
        if let Some(stage) = handler.graph
            && (!stage.external.is_empty() || stage.asks() || stage.stages_wait() || ticks(stage))
        {
            return true;
        }
        handlers = rest;
    }
    false
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

/// Whether handlers of the route run beside others.
const fn runs_beside(mut route: &[StageDesc]) -> bool {
    while let Some((stage, rest)) = route.split_first() {
        let runs = match stage {
            StageDesc::Join(_) | StageDesc::First(_) | StageDesc::Each { .. } => true,
            StageDesc::Choice(arms) => {
                let (mut arms, mut any) = (*arms, false);
                while let Some((arm, others)) = arms.split_first() {
                    any |= runs_beside(arm.route);
                    arms = others;
                }
                any
            }
            StageDesc::Else { route, stand_in } => runs_beside(route) || runs_beside(stand_in),
            _ => false,
        };
        if runs {
            return true;
        }
        route = rest;
    }
    false
}

/// The number in a literal; 0 if it is no plain one.
pub(super) const fn number(text: &str) -> u64 {
    let (text, mut number, mut i) = (text.as_bytes(), 0_u64, 0);
    while i < text.len() {
        match text[i] {
            digit @ b'0'..=b'9' => {
                number = number
                    .saturating_mul(10)
                    .saturating_add((digit - b'0') as u64);
            }
            b'_' => {}
            _ => return 0,
        }
        i += 1;
    }
    number
}

const fn plus(one: u64, other: u64) -> u64 {
    (one + other) % PRIME
}

const fn minus(one: u64, other: u64) -> u64 {
    (one + PRIME - other) % PRIME
}

#[allow(clippy::cast_possible_truncation, reason = "less than the prime")]
const fn times_of(one: u64, other: u64) -> u64 {
    (one as u128 * (other % PRIME) as u128 % PRIME as u128) as u64
}

/// The number whose product with this one is 1, by Fermat's little theorem.
const fn inverse(number: u64) -> u64 {
    let (mut power, mut base, mut rest) = (1, number % PRIME, PRIME - 2);
    while rest > 0 {
        if rest % 2 == 1 {
            power = times_of(power, base);
        }
        base = times_of(base, base);
        rest /= 2;
    }
    power
}

const fn common_divisor(one: u64, other: u64) -> u64 {
    let (mut one, mut other) = (one, other);
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}
