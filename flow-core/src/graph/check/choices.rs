//! Which way an execution has gone where an event is emitted.
//!
//! A *choice* is a place that an execution comes to once at most, and where it goes one of several
//! ways: the body of a handler, a `match`, a question that is answered or not, a handler that fails
//! or not. Each way is a bit. What is known of an event holds wherever it is emitted: the choices
//! that are behind it, and the ways in which they may have gone.
//!
//! It is computed only for flows with partners, which [`partners`](super::partners) compares.

use crate::graph::check::connections::Connections;
use crate::graph::check::past::Past;
use crate::graph::check::rescued::{has_rescues, rescue_of};
use crate::graph::check::runs_once::find_once;
use crate::graph::desc::{ArmDesc, GraphDesc, HandlerDesc, StageDesc, TriggerDesc};
use crate::graph::event::EventDesc;
use crate::graph::shape::{Alternative, Shape, may_emit};

/// Handlers and values that hold one of several events.
pub(super) const BODY: usize = 0;
/// A `match` or an `if`.
pub(super) const ROUTE: usize = 1;
/// A question is answered or not.
pub(super) const ANSWER: usize = 2;
/// A handler succeeds or fails.
pub(super) const OUTCOME: usize = 3;
const KINDS: usize = 4;

/// The bits of a `u128`. What is beyond them is not known.
const WAYS: usize = 128;

/// What is known of each event, by the number of its first wait.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choices<const W: usize> {
    pub(super) events: [Past; W],
    /// The first way of each choice, by kind.
    pub(super) first_ways: [u128; KINDS],
}

struct Search<'a, const N: usize, const W: usize> {
    graph: &'a GraphDesc,
    connections: &'a Connections<N, W>,
    choices: Choices<W>,
    has_rescues: bool,
    /// The clause runs once at most.
    once: [bool; N],
    /// What is known at the beginning of the clause, unless it waits for events.
    begins: [Past; N],
    /// The number of the first way in the clause.
    first_way: [Option<usize>; N],
    /// The next way that is free.
    way: usize,
    /// Where a handler before the nearest `else` fails.
    failed: Past,
    /// The clauses that are still to be walked.
    stack: [usize; N],
    is_waiting: [bool; N],
    count: usize,
}

/// Where a stage is.
#[derive(Clone, Copy)]
struct Around {
    clause: usize,
    /// Within an `each`, or in a clause that may run again.
    repeats: bool,
    in_rescue: bool,
    has_else: bool,
}

impl<const W: usize> Choices<W> {
    pub(super) const fn find<const N: usize>(
        graph: &GraphDesc,
        connections: &Connections<N, W>,
    ) -> Self {
        let choices = Self {
            events: [Past::NONE; W],
            first_ways: [0; KINDS],
        };
        if connections.open || connections.broken || !has_partners(graph) {
            return choices;
        }
        let mut search = Search {
            graph,
            connections,
            choices,
            has_rescues: has_rescues(graph),
            once: find_once(graph, connections),
            begins: [Past::NONE; N],
            first_way: [None; N],
            way: 0,
            failed: Past::NONE,
            stack: [0; N],
            is_waiting: [false; N],
            count: 0,
        };
        search.run();
        search.choices
    }
}

impl<const W: usize> Choices<W> {
    /// All ways of the choice with this first one.
    pub(super) const fn all_ways(&self, first: u128) -> u128 {
        let [body, route, answer, outcome] = self.first_ways;
        let others = (body | route | answer | outcome) & !first;
        // Up to the next choice.
        let above = others & !(first - 1);
        let next = above & above.wrapping_neg();
        match next {
            0 => !(first - 1),
            next => (next - 1) & !(first - 1),
        }
    }
}

/// Whether any clause waits for several events, and all that handlers emit is known.
const fn has_partners(graph: &GraphDesc) -> bool {
    let mut found = false;
    let mut clauses = graph.clauses;
    while let Some((clause, rest)) = clauses.split_first() {
        found |= matches!(clause.trigger, TriggerDesc::All(_));
        let mut handlers = clause.handlers;
        while let Some((handler, others)) = handlers.split_first() {
            if !handler.undeclared.is_empty() {
                return false;
            }
            handlers = others;
        }
        clauses = rest;
    }
    found
}

impl<const N: usize, const W: usize> Search<'_, N, W> {
    /// Follows each clause until nothing new is known.
    const fn run(&mut self) {
        let mut i = 0;
        while i < N {
            if let TriggerDesc::Start
            | TriggerDesc::Finally
            | TriggerDesc::Open(_)
            | TriggerDesc::Every { .. } = self.graph.clauses[i].trigger
            {
                self.comes_to(i, Past::BEGIN);
            }
            i += 1;
        }
        let mut wait = 0;
        while wait < W {
            if self.connections.waits[wait].external {
                let first = self.connections.first(self.connections.waits[wait].event);
                self.emitted_at(first, Past::BEGIN);
            }
            wait += 1;
        }
        while self.count > 0 {
            self.count -= 1;
            let clause = self.stack[self.count];
            self.is_waiting[clause] = false;
            let from = self.begin(clause);
            if from.known {
                self.walk_clause(clause, from);
            }
        }
    }

    const fn begin(&self, clause: usize) -> Past {
        match &self.graph.clauses[clause].trigger {
            TriggerDesc::Event(event)
            | TriggerDesc::Times { event, .. }
            | TriggerDesc::LeftOver(event) => self.of_event(*event),
            TriggerDesc::All(events) => {
                let (mut events, mut all) = (*events, Past::BEGIN);
                while let Some((event, rest)) = events.split_first() {
                    all = all.and(self.of_event(*event));
                    events = rest;
                }
                all
            }
            _ => self.begins[clause],
        }
    }

    const fn of_event(&self, event: EventDesc) -> Past {
        let wait = self.connections.first(event.id);
        if wait < W {
            self.choices.events[wait]
        } else {
            Past::NONE
        }
    }

    const fn walk_clause(&mut self, clause: usize, from: Past) {
        let first = match self.first_way[clause] {
            Some(first) => first,
            None => self.way,
        };
        let is_new = self.first_way[clause].is_none();
        let free = self.way;
        self.first_way[clause] = Some(first);
        self.way = first;
        let of = &self.graph.clauses[clause];
        let around = Around {
            clause,
            repeats: !self.once[clause],
            in_rescue: !of.trigger.is_rescued(),
            has_else: false,
        };
        if let [StageDesc::Ask { .. }] = of.route {
            self.ask(from, around);
        } else {
            self.walk(of.route, from, around);
        }
        if !is_new {
            self.way = free;
        }
    }

    /// The clauses for the answer and for its absence come right after the question.
    const fn ask(&mut self, from: Past, around: Around) {
        let (choice, first) = self.choice(2, ANSWER, around);
        let mut next = around.clause + 1;
        while next < N {
            let way = match self.graph.clauses[next].trigger {
                TriggerDesc::Answered(_) => first,
                TriggerDesc::Unanswered(_) => first << 1,
                _ => return,
            };
            self.comes_to(next, from.with(choice, way));
            next += 1;
        }
    }

    /// All ways of a new choice, and the first of them: no bits where there is none.
    const fn choice(&mut self, ways: usize, kind: usize, around: Around) -> (u128, u128) {
        if around.repeats || ways == 0 || self.way + ways > WAYS {
            return (0, 0);
        }
        let first = 1 << self.way;
        let mut all = 0;
        let mut i = 0;
        while i < ways {
            all |= first << i;
            i += 1;
        }
        self.way += ways;
        self.choices.first_ways[kind] |= first;
        (all, first)
    }

    /// Returns what is known behind the route.
    const fn walk(&mut self, mut route: &[StageDesc], from: Past, around: Around) -> Past {
        let mut past = from;
        while let Some((stage, rest)) = route.split_first() {
            past = self.stage(stage, past, around);
            route = rest;
        }
        past
    }

    const fn stage(&mut self, stage: &StageDesc, from: Past, around: Around) -> Past {
        match stage {
            StageDesc::Handler(handler) => self.handler(handler, from, around),
            StageDesc::Emit { events, shape } => {
                let body = self.body(shape, events.len(), around);
                let mut event = 0;
                while event < events.len() {
                    self.emit(events[event], event, shape, from, body);
                    event += 1;
                }
                from
            }
            // All branches have run.
            StageDesc::Join(branches) => {
                let (mut branches, mut past) = (*branches, from);
                while let Some((branch, rest)) = branches.split_first() {
                    past = past.and(self.walk(branch, from, around));
                    branches = rest;
                }
                past
            }
            StageDesc::First(branches) => {
                let mut branches = *branches;
                while let Some((branch, rest)) = branches.split_first() {
                    self.walk(branch, from, around);
                    branches = rest;
                }
                from
            }
            StageDesc::Each { route, .. } => {
                let around = Around {
                    repeats: true,
                    ..around
                };
                self.walk(route, from, around);
                from
            }
            StageDesc::Choice(arms) => self.arms(arms, from, around),
            StageDesc::Else { route, stand_in } => {
                let outer = self.failed;
                self.failed = Past::NONE;
                let with_else = Around {
                    has_else: true,
                    ..around
                };
                let tried = self.walk(route, from, with_else);
                let failed = self.failed;
                self.failed = outer;
                if failed.known {
                    tried.or(self.walk(stand_in, failed, around))
                } else {
                    tried.or(self.walk(stand_in, from, around))
                }
            }
            StageDesc::Closure(_)
            | StageDesc::End
            | StageDesc::EndNow
            | StageDesc::Ignore
            | StageDesc::Skip
            | StageDesc::Ask { .. } => from,
        }
    }

    const fn arms(&mut self, mut arms: &[ArmDesc], from: Past, around: Around) -> Past {
        let (choice, first) = self.choice(arms.len(), ROUTE, around);
        let mut past = Past::NONE;
        let mut way = first;
        while let Some((arm, rest)) = arms.split_first() {
            let behind = self.walk(arm.route, from.with(choice, way), around);
            if goes_on(arm.route) {
                past = past.or(behind);
            }
            way <<= 1;
            arms = rest;
        }
        if past.known { past } else { from }
    }

    const fn handler(&mut self, handler: &HandlerDesc, from: Past, around: Around) -> Past {
        let rescue =
            if !handler.can_fail || !self.has_rescues || around.in_rescue || around.has_else {
                N
            } else {
                rescue_of(self.graph, handler)
            };
        let (mut choice, mut first) = (0, 0);
        if handler.can_fail && (around.has_else || rescue < N) {
            (choice, first) = self.choice(2, OUTCOME, around);
        }
        let failed = from.with(choice, first << 1);
        if handler.can_fail && around.has_else {
            self.failed = self.failed.or(failed);
        }
        if handler.can_fail && rescue < N {
            self.comes_to(rescue, failed);
        }
        let succeeded = from.with(choice, first);
        // A timeout may cut any way short, and what a failed attempt has emitted is out as well.
        let tells_success = !handler.emits_again() && !handler.may_be_cut_short();
        let failures = handler.shape.failure;
        let body = if handler.emits_again() {
            (0, 0)
        } else {
            self.body(&handler.shape, handler.emits.len(), around)
        };
        let mut event = 0;
        while event < handler.emits.len() {
            let past = if tells_success && !may_emit(failures, event) {
                succeeded
            } else {
                from
            };
            self.emit(handler.emits[event], event, &handler.shape, past, body);
            event += 1;
        }
        succeeded
    }

    /// The choice between the events of a body, if it emits one of several.
    const fn body(&mut self, shape: &Shape, events: usize, around: Around) -> (u128, u128) {
        let mut event = 0;
        while event < events {
            if !all_may_emit(shape.success, event) || !all_may_emit(shape.failure, event) {
                let ways = shape.success.len() + shape.failure.len();
                return self.choice(ways, BODY, around);
            }
            event += 1;
        }
        (0, 0)
    }

    /// The event with this index in the shape may be emitted. `body` is the choice between all.
    const fn emit(
        &mut self,
        event: EventDesc,
        index: usize,
        shape: &Shape,
        from: Past,
        (choice, first): (u128, u128),
    ) {
        let (succeeding, after) = ways(shape.success, index, first);
        let (failing, _) = ways(shape.failure, index, after);
        let wait = self.connections.first(event.id);
        let holds = may_emit(shape.success, index) || may_emit(shape.failure, index);
        if holds && wait < W {
            self.emitted_at(wait, from.with(choice, succeeding | failing));
        }
    }

    /// What is known of the event whose first wait this is.
    const fn emitted_at(&mut self, first: usize, past: Past) {
        let known = self.choices.events[first].or(past);
        if known.is(&self.choices.events[first]) {
            return;
        }
        self.choices.events[first] = known;
        let mut wait = first;
        while wait < W {
            let clause = self.connections.waits[wait].clause;
            self.follow(clause);
            // Its `else`s.
            let mut next = clause + 1;
            while next < N && matches!(self.graph.clauses[next].trigger, TriggerDesc::LeftOver(_)) {
                self.follow(next);
                next += 1;
            }
            wait = self.connections.waits[wait].next;
        }
    }

    const fn comes_to(&mut self, clause: usize, past: Past) {
        let known = self.begins[clause].or(past);
        if !known.is(&self.begins[clause]) {
            self.begins[clause] = known;
            self.follow(clause);
        }
    }

    const fn follow(&mut self, clause: usize) {
        if !self.is_waiting[clause] {
            self.is_waiting[clause] = true;
            self.stack[self.count] = clause;
            self.count += 1;
        }
    }
}

/// Whether a stage may follow the route.
const fn goes_on(route: &[StageDesc]) -> bool {
    !matches!(
        route.last(),
        Some(
            StageDesc::End
                | StageDesc::EndNow
                | StageDesc::Ignore
                | StageDesc::Skip
                | StageDesc::Emit { .. }
        )
    )
}

/// The alternatives that may emit the event, of which the first is this way, and the next way.
const fn ways(mut alternatives: &[Alternative], event: usize, first: u128) -> (u128, u128) {
    let (mut ways, mut way) = (0, first);
    while let Some((alternative, rest)) = alternatives.split_first() {
        if alternative.count(event).may_be_any() {
            ways |= way;
        }
        way <<= 1;
        alternatives = rest;
    }
    (ways, way)
}

/// Whether each alternative may emit the event.
const fn all_may_emit(mut alternatives: &[Alternative], event: usize) -> bool {
    while let Some((alternative, rest)) = alternatives.split_first() {
        if !alternative.count(event).may_be_any() {
            return false;
        }
        alternatives = rest;
    }
    true
}
