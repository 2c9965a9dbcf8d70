//! Graphs that come to their output.

use crate::generate::{CLAUSES, Generator, NONE, ONE};
use crate::spec::{Clause, Spec, Stage, Trigger};

/// What a route has to lead to.
#[derive(Clone, Copy)]
enum Goal {
    End,
    Event(usize),
}

impl Generator<'_> {
    /// A graph that comes to its output.
    pub(super) fn built(&mut self) -> Spec {
        let start = Clause::new(Trigger::Start, Vec::new());
        self.clauses.push(start);
        self.clauses[0].route = self.deliver(Goal::End, 0);
        if self.one_in(6) {
            self.finally();
        }
        self.spec(true)
    }

    /// A `finally`, whose events have clauses of their own or of the rest.
    pub(super) fn finally(&mut self) {
        let index = self.clauses.len();
        let quiet = Stage::Handler(self.quiet());
        self.clauses
            .push(Clause::new(Trigger::Finally, vec![quiet]));
        let stage = match self.rng.u8(..6) {
            0 => return,
            4 => {
                // A question between what belongs together.
                let (one, other) = (self.event(), self.event());
                let (first, last) = (self.once(vec![one]), self.once(vec![other]));
                let log = Stage::Handler(self.quiet());
                let both = Clause::new(Trigger::All(vec![one, other]), vec![log]);
                self.clauses.push(both);
                self.clauses[index].route = vec![first, self.other_stage(), last];
                return;
            }
            5 => {
                let (question, one, other) = (self.event(), self.event(), self.event());
                let log = Stage::Handler(self.quiet());
                let answered = self.once(vec![other]);
                self.clauses
                    .push(Clause::new(Trigger::Ask(question), vec![answered]));
                let both = Clause::new(Trigger::All(vec![one, other]), vec![log]);
                self.clauses.push(both);
                self.once(vec![question, one])
            }
            1 if self.events > 0 => {
                let event = self.rng.usize(..self.events);
                self.once(vec![event])
            }
            2 => {
                let (one, other) = (self.event(), self.event());
                let log = Stage::Handler(self.quiet());
                let both = Clause::new(Trigger::All(vec![one, other]), vec![log]);
                self.clauses.push(both);
                self.once(vec![one, other])
            }
            _ => {
                let event = self.event();
                let log = Stage::Handler(self.quiet());
                self.clauses
                    .push(Clause::new(Trigger::Event(event), vec![log]));
                self.once(vec![event])
            }
        };
        self.clauses[index].route = vec![stage];
    }

    fn when(&mut self, trigger: Trigger, goal: Goal, depth: u8) {
        let index = self.clauses.len();
        self.clauses.push(Clause::new(trigger, Vec::new()));
        let route = self.deliver(goal, depth + 1);
        self.clauses[index].route = route;
    }

    fn once(&mut self, emits: Vec<usize>) -> Stage {
        let way = vec![ONE; emits.len()];
        let handler = self.emitting(emits, vec![way]);
        Stage::Handler(handler)
    }

    fn straight(&mut self, goal: Goal) -> Vec<Stage> {
        match goal {
            Goal::End if self.one_in(8) => vec![Stage::Handler(self.quiet()), Stage::EndNow],
            Goal::End => vec![Stage::Handler(self.quiet()), Stage::End],
            Goal::Event(event) if self.one_in(4) => {
                let held = Stage::Emit(vec![event], vec![vec![ONE]]);
                vec![Stage::Handler(self.quiet()), held]
            }
            Goal::Event(event) => vec![self.once(vec![event])],
        }
    }

    /// A route that leads to the goal, once, whichever way it goes.
    #[allow(clippy::too_many_lines, reason = "one kind of route after the other")]
    fn deliver(&mut self, goal: Goal, depth: u8) -> Vec<Stage> {
        if depth > 3 || self.clauses.len() >= CLAUSES - 1 {
            return self.straight(goal);
        }
        match self.rng.u8(..26) {
            0 | 1 => {
                let between = self.event();
                let first = self.once(vec![between]);
                self.when(Trigger::Event(between), goal, depth);
                vec![first]
            }
            2 | 3 => {
                let (one, other) = (self.event(), self.event());
                let ways = vec![vec![ONE, NONE], vec![NONE, ONE]];
                let first = Stage::Handler(self.emitting(vec![one, other], ways));
                self.when(Trigger::Event(one), goal, depth);
                self.when(Trigger::Event(other), goal, depth);
                vec![first]
            }
            4 => {
                let first = Stage::Handler(self.quiet());
                let arms = vec![self.deliver(goal, depth + 1), self.deliver(goal, depth + 1)];
                vec![first, Stage::Match(arms)]
            }
            5..=7 => {
                let (one, other) = (self.event(), self.event());
                let first = self.once(vec![one, other]);
                if self.rng.bool() {
                    let (left, right) = (self.event(), self.event());
                    self.when(Trigger::Event(one), Goal::Event(left), depth);
                    self.when(Trigger::Event(other), Goal::Event(right), depth);
                    self.when(Trigger::All(vec![left, right]), goal, depth);
                } else {
                    self.when(Trigger::All(vec![one, other]), goal, depth);
                }
                if self.one_in(4) {
                    self.clauses.last_mut().unwrap().by = true;
                }
                vec![first]
            }
            8 => {
                let (one, vote) = (self.event(), self.event());
                let first = Stage::Handler(self.emitting(vec![one], vec![vec![(3, Some(3))]]));
                if self.rng.bool() {
                    self.when(Trigger::Event(one), Goal::Event(vote), depth);
                    self.when(Trigger::Times(vote, 3), goal, depth);
                } else {
                    self.when(Trigger::Times(one, 3), goal, depth);
                }
                vec![first]
            }
            9 => {
                let question = self.event();
                let first = self.once(vec![question]);
                let index = self.clauses.len();
                self.when(Trigger::Ask(question), goal, depth);
                if self.rng.bool() {
                    let otherwise = self.deliver(goal, depth + 1);
                    self.clauses[index].otherwise = Some(otherwise);
                }
                if self.one_in(3) {
                    let reminder = match self.rng.u8(..4) {
                        0 => self.quiet(),
                        3 => {
                            let (event, one, other) = (self.event(), self.event(), self.event());
                            for partner in [one, other] {
                                let route = vec![self.once(vec![partner])];
                                self.clauses.push(Clause::new(Trigger::Event(event), route));
                            }
                            let log = Stage::Handler(self.quiet());
                            let both = Clause::new(Trigger::All(vec![one, other]), vec![log]);
                            self.clauses.push(both);
                            self.emitting(vec![event], vec![vec![ONE]])
                        }
                        1 => {
                            let event = self.event();
                            let log = Stage::Handler(self.quiet());
                            self.clauses
                                .push(Clause::new(Trigger::Event(event), vec![log]));
                            self.emitting(vec![event], vec![vec![ONE]])
                        }
                        _ => {
                            let (one, other) = (self.event(), self.event());
                            let log = Stage::Handler(self.quiet());
                            let both = Clause::new(Trigger::All(vec![one, other]), vec![log]);
                            self.clauses.push(both);
                            self.emitting(vec![one, other], vec![vec![ONE, ONE]])
                        }
                    };
                    self.clauses[index].reminder = Some(reminder);
                }
                vec![first]
            }
            17..=19 => {
                let mut route = vec![Stage::Handler(self.quiet()), self.other_stage()];
                route.extend(self.deliver(goal, depth + 1));
                route
            }
            20 => {
                // Beside what goes on.
                let (one, other) = (self.quiet(), self.other_stage());
                let branches = vec![vec![Stage::Handler(one)], vec![other]];
                let join = match self.rng.u8(..3) {
                    0 => Stage::First(branches),
                    1 => Stage::Each(branches.into_iter().flatten().collect()),
                    _ => Stage::Join(branches),
                };
                let mut route = vec![Stage::Handler(self.quiet()), join];
                route.extend(self.deliver(goal, depth + 1));
                route
            }
            21 => {
                let sent = self.event();
                self.external.push(sent);
                let first = Stage::Handler(self.quiet());
                if self.rng.bool() {
                    self.when(Trigger::Event(sent), goal, depth);
                    return vec![first];
                }
                let own = self.event();
                let first = self.once(vec![own]);
                let index = self.clauses.len();
                self.when(Trigger::All(vec![own, sent]), goal, depth);
                let otherwise = self.deliver(goal, depth + 1);
                self.clauses[index].otherwise = Some(otherwise);
                vec![first]
            }
            22 => {
                let index = self.clauses.len();
                self.clauses.push(Clause::new(Trigger::Every, Vec::new()));
                let arm = self.deliver(goal, depth + 1);
                let tick = Stage::Handler(self.quiet());
                let arms = Stage::Match(vec![arm, vec![Stage::Ignore]]);
                self.clauses[index].route = vec![tick, arms];
                vec![Stage::Handler(self.quiet())]
            }
            23 => {
                // A choice by what is returned.
                let (one, other) = (self.event(), self.event());
                let ways = vec![vec![ONE, NONE], vec![NONE, ONE]];
                let first = Stage::Handler(self.quiet());
                self.when(Trigger::Event(one), goal, depth);
                self.when(Trigger::Event(other), goal, depth);
                vec![first, Stage::Emit(vec![one, other], ways)]
            }
            24 => {
                // Items that are left out, and a second `each` after the first.
                let (first, item) = (self.quiet(), self.quiet());
                let kept = Stage::Match(vec![vec![Stage::Handler(item)], vec![Stage::Skip]]);
                let mut route = vec![Stage::Handler(first), Stage::Each(vec![kept])];
                if self.rng.bool() {
                    let again = Stage::Handler(self.quiet());
                    route.push(Stage::Each(vec![again]));
                }
                route.extend(self.deliver(goal, depth + 1));
                route
            }
            10 => {
                let handler = self.quiet();
                let handler = self.fails(handler);
                let name = handler.name;
                self.when(Trigger::Rescue(Some(name)), goal, depth);
                let mut route = vec![Stage::Handler(handler)];
                route.extend(self.straight(goal));
                route
            }
            11 => {
                let handler = self.quiet();
                let handler = self.fails(handler);
                let stand_in = Stage::Handler(self.quiet());
                let mut route = vec![Stage::Else(vec![Stage::Handler(handler)], vec![stand_in])];
                route.extend(self.deliver(goal, depth + 1));
                route
            }
            12 => {
                let (item, first) = (self.quiet(), self.quiet());
                let item = if self.rng.bool() {
                    Stage::Handler(item)
                } else {
                    let item = Stage::Handler(self.fails(item));
                    Stage::Else(vec![item], vec![Stage::Skip])
                };
                let each = Stage::Each(vec![item]);
                let mut route = vec![Stage::Handler(first), each];
                route.extend(self.deliver(goal, depth + 1));
                route
            }
            13 => {
                let (side, between) = (self.event(), self.event());
                let first = self.once(vec![side, between]);
                let log = Stage::Handler(self.quiet());
                self.clauses
                    .push(Clause::new(Trigger::Event(side), vec![log]));
                self.when(Trigger::Event(between), goal, depth);
                vec![first]
            }
            14 => {
                // A loop.
                let (again, out) = (self.event(), self.event());
                let ways = vec![vec![ONE, NONE], vec![NONE, ONE]];
                let handler = Stage::Handler(self.emitting(vec![again, out], ways));
                self.clauses
                    .push(Clause::new(Trigger::Event(again), vec![handler.clone()]));
                self.when(Trigger::Event(out), goal, depth);
                vec![handler]
            }
            15 => {
                let (one, other) = (self.quiet(), self.quiet());
                let branches = vec![vec![Stage::Handler(one)], vec![Stage::Handler(other)]];
                let join = if self.one_in(3) {
                    Stage::First(branches)
                } else {
                    Stage::Join(branches)
                };
                let mut route = vec![join];
                route.extend(self.deliver(goal, depth + 1));
                route
            }
            _ => self.straight(goal),
        }
    }
}
