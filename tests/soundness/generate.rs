//! Random graphs: half of them at random, and half built so that they come to their output, then
//! changed in none or more places.

use fastrand::Rng;

use crate::spec::{Clause, EVENTS, Handler, Inner, Range, Spec, Stage, Trigger, Way};
use crate::well_formed::is_well_formed;

/// The most clauses of a graph.
pub(crate) const CLAUSES: usize = 8;
/// The most clauses and events of its description, in which an `else` is a clause of its own.
pub(crate) const MOST: usize = 16;

const ONE: Range = (1, Some(1));
const NONE: Range = (0, Some(0));

/// The graph of a seed: one whose events all have a clause, and whose clauses can all be reached.
pub(crate) fn spec(seed: u64) -> Spec {
    let mut rng = Rng::with_seed(seed);
    loop {
        let built = rng.u8(..3) > 0;
        let mut one = Generator::new(&mut rng);
        let mut spec = if built { one.built() } else { one.random() };
        if built {
            for _ in 0..rng.usize(..4) {
                change(&mut spec, &mut rng);
            }
        }
        if is_well_formed(&spec) {
            return spec;
        }
    }
}

/// The same graph, of a durable flow.
pub(crate) fn durable(mut spec: Spec) -> Spec {
    each_handler_of(&mut spec, &mut |handler| handler.undone = true);
    spec.is_durable = true;
    spec
}

/// What a route has to lead to.
#[derive(Clone, Copy)]
enum Goal {
    End,
    Event(usize),
}

struct Generator<'a> {
    rng: &'a mut Rng,
    clauses: Vec<Clause>,
    events: usize,
    handlers: usize,
    external: Vec<usize>,
    /// The questions of stages.
    asked: usize,
}

impl<'a> Generator<'a> {
    fn new(rng: &'a mut Rng) -> Self {
        Self {
            rng,
            clauses: Vec::new(),
            events: 0,
            handlers: 0,
            external: Vec::new(),
            asked: 0,
        }
    }

    fn one_in(&mut self, of: u8) -> bool {
        self.rng.u8(..of) == 0
    }

    fn event(&mut self) -> usize {
        self.events += 1;
        self.events - 1
    }

    fn emitting(&mut self, emits: Vec<usize>, success: Vec<Way>) -> Handler {
        self.handlers += 1;
        Handler {
            name: self.handlers - 1,
            emits,
            success,
            failure: Vec::new(),
            can_fail: false,
            attempts: 1,
            timeout: false,
            undone: false,
        }
    }

    fn quiet(&mut self) -> Handler {
        self.emitting(Vec::new(), vec![Vec::new()])
    }

    fn fails(&mut self, mut handler: Handler) -> Handler {
        handler.can_fail = true;
        handler.failure = vec![vec![NONE; handler.emits.len()]];
        if self.one_in(4) {
            handler.attempts = 2;
        }
        handler.timeout = self.one_in(6);
        handler
    }

    /// A graph that comes to its output.
    fn built(&mut self) -> Spec {
        let start = Clause::new(Trigger::Start, Vec::new());
        self.clauses.push(start);
        self.clauses[0].route = self.deliver(Goal::End, 0);
        if self.one_in(6) {
            self.finally();
        }
        self.spec(true)
    }

    fn spec(&mut self, has_output: bool) -> Spec {
        Spec {
            external: std::mem::take(&mut self.external),
            drains: has_output && self.one_in(8),
            ..Spec::new(has_output, std::mem::take(&mut self.clauses))
        }
    }

    /// A `finally`, whose events have clauses of their own or of the rest.
    fn finally(&mut self) {
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

    /// A question of a stage, or a flow, with a stand-in or without one.
    fn other_stage(&mut self) -> Stage {
        let stage = if self.rng.bool() {
            // The last names are those of such questions.
            self.asked += 1;
            Stage::Ask(EVENTS.len() - self.asked, self.rng.bool())
        } else if self.one_in(5) {
            Stage::Flow(Inner::any(self.rng))
        } else {
            Stage::Flow(Inner::proved(self.rng))
        };
        if self.one_in(3) {
            let stand_in = Stage::Handler(self.quiet());
            return Stage::Else(vec![stage], vec![stand_in]);
        }
        stage
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

    /// Any graph.
    fn random(&mut self) -> Spec {
        let has_output = !self.one_in(4);
        self.events = self.rng.usize(1..6);
        let start = self.route(0, has_output);
        self.clauses.push(Clause::new(Trigger::Start, start));
        for event in 0..self.events {
            if self.one_in(8) {
                self.external.push(event);
            }
            let trigger = match self.rng.u8(..10) {
                0..=2 if self.events > 1 => {
                    let other = (event + 1 + self.rng.usize(..self.events - 1)) % self.events;
                    Trigger::All(vec![event, other])
                }
                3 => Trigger::Times(event, self.rng.u8(2..4)),
                4 => Trigger::Ask(event),
                _ => Trigger::Event(event),
            };
            let route = self.route(event + 1, has_output);
            let mut clause = Clause::new(trigger, route);
            match clause.trigger {
                Trigger::All(_) | Trigger::Times(..) if self.one_in(4) => {
                    clause.otherwise = Some(self.route(event + 1, has_output));
                }
                Trigger::Ask(_) if self.rng.bool() => {
                    clause.otherwise = Some(self.route(event + 1, has_output));
                }
                _ => {}
            }
            if matches!(clause.trigger, Trigger::Ask(_)) && self.one_in(3) {
                let Stage::Handler(reminder) = self.handler(event) else {
                    unreachable!("without a stand-in")
                };
                clause.reminder = Some(reminder);
            }
            clause.by = matches!(clause.trigger, Trigger::All(_)) && self.one_in(4);
            self.clauses.push(clause);
        }
        if self.one_in(8) {
            let route = self.route(0, has_output);
            self.clauses.push(Clause::new(Trigger::Every, route));
        }
        if self.one_in(6) {
            if self.rng.bool() {
                self.finally();
            } else {
                let route = vec![self.stage(0)];
                self.clauses.push(Clause::new(Trigger::Finally, route));
            }
        }
        if self.one_in(3) {
            let route = self.route(self.rng.clone().usize(..=self.events), has_output);
            let spec = Spec::new(has_output, self.clauses.clone());
            let fallible: Vec<_> = spec
                .handlers()
                .into_iter()
                .filter(|handler| handler.can_fail)
                .map(|handler| handler.name)
                .collect();
            if let Some(name) = self.rng.choice(fallible) {
                let name = self.rng.bool().then_some(name);
                self.clauses.push(Clause::new(Trigger::Rescue(name), route));
            }
        }
        self.spec(has_output)
    }

    /// A route that mostly emits events from this one on.
    fn route(&mut self, from: usize, has_output: bool) -> Vec<Stage> {
        let mut route = vec![self.stage(from)];
        match self.rng.u8(..8) {
            0 => route.push(self.stage(from)),
            1 => {
                let arms = (0..2).map(|_| match self.rng.u8(..3) {
                    0 => vec![Stage::Ignore],
                    1 if has_output => vec![Stage::End],
                    _ => vec![self.stage(from)],
                });
                let arms = arms.collect();
                route.push(Stage::Match(arms));
                return route;
            }
            2 => {
                let branches = vec![vec![self.stage(from)], vec![self.stage(from)]];
                route.push(if self.one_in(3) {
                    Stage::First(branches)
                } else {
                    Stage::Join(branches)
                });
            }
            3 => {
                let mut item = vec![self.stage(from)];
                if self.one_in(3) {
                    let kept = vec![self.stage(from)];
                    item.push(Stage::Match(vec![kept, vec![Stage::Skip]]));
                }
                route.push(Stage::Each(item));
                if self.one_in(4) {
                    let again = self.stage(from);
                    route.push(Stage::Each(vec![again]));
                }
            }
            4 => {
                let events: Vec<_> = (from..self.events).take(2).collect();
                if !events.is_empty() {
                    let ways = self.ways(events.len());
                    route.push(Stage::Emit(events, ways));
                    return route;
                }
            }
            _ => {}
        }
        match self.rng.u8(..6) {
            0 | 1 if has_output => route.push(Stage::End),
            2 if has_output && self.one_in(3) => route.push(Stage::EndNow),
            _ => {}
        }
        route
    }

    fn stage(&mut self, from: usize) -> Stage {
        if self.one_in(10) {
            return self.other_stage();
        }
        let stage = self.handler(from);
        if let Stage::Handler(handler) = &stage
            && handler.can_fail
            && self.one_in(3)
        {
            let stand_in = Stage::Handler(self.quiet());
            return Stage::Else(vec![stage], vec![stand_in]);
        }
        stage
    }

    fn handler(&mut self, from: usize) -> Stage {
        let mut emits = Vec::new();
        for event in 0..self.events {
            let is_later = event >= from;
            if (is_later && self.one_in(2)) || self.one_in(12) {
                emits.push(event);
            }
        }
        let ways = self.ways(emits.len());
        let mut handler = self.emitting(emits, ways);
        if self.one_in(4) {
            handler = self.fails(handler);
            if self.one_in(3) {
                handler.failure = self.ways(handler.emits.len());
            }
        }
        Stage::Handler(handler)
    }

    fn ways(&mut self, events: usize) -> Vec<Way> {
        let count = self.rng.usize(1..3);
        let ways = (0..count).map(|_| (0..events).map(|_| range(self.rng)).collect());
        ways.collect()
    }
}

fn range(rng: &mut Rng) -> Range {
    match rng.u8(..12) {
        0..=5 => ONE,
        6 | 7 => NONE,
        8 => (0, Some(1)),
        9 => (rng.u32(2..4), None),
        10 => (0, None),
        _ => {
            let count = rng.u32(2..4);
            (count, Some(count))
        }
    }
}

/// Changes one thing.
fn change(spec: &mut Spec, rng: &mut Rng) {
    let events = spec.emitted();
    let Some(event) = rng.choice(events) else {
        return;
    };
    match rng.u8(..15) {
        12 => match spec.external.iter().position(|sent| *sent == event) {
            Some(sent) => drop(spec.external.remove(sent)),
            None => spec.external.push(event),
        },
        13 => {
            let name = 1 + spec
                .handlers()
                .iter()
                .map(|handler| handler.name)
                .max()
                .unwrap();
            let again = Handler {
                name,
                emits: vec![event],
                success: vec![vec![ONE]],
                failure: Vec::new(),
                can_fail: false,
                attempts: 1,
                timeout: false,
                undone: false,
            };
            let asking = |clause: &&mut Clause| matches!(clause.trigger, Trigger::Ask(_));
            if let Some(asking) = spec.clauses.iter_mut().find(asking) {
                asking.reminder = Some(again);
            } else {
                let route = vec![Stage::Handler(again)];
                spec.clauses.push(Clause::new(Trigger::Finally, route));
            }
        }
        14 => spec.drains = spec.has_output && !spec.drains,
        0 => {
            if spec.clauses.len() > 2 {
                let index = rng.usize(1..spec.clauses.len());
                spec.clauses.remove(index);
            }
        }
        1 => {
            // Another clause takes it, too.
            let clause = Clause::new(Trigger::Event(event), vec![Stage::Ignore]);
            spec.clauses.push(clause);
        }
        2 => {
            let clause = rng.usize(..spec.clauses.len());
            let clause = &mut spec.clauses[clause];
            clause.by = matches!(clause.trigger, Trigger::All(_)) && !clause.by;
        }
        3 => {
            let clause = rng.usize(..spec.clauses.len());
            if let Trigger::All(_) | Trigger::Times(..) = spec.clauses[clause].trigger {
                let route = if rng.bool() {
                    vec![Stage::Ignore]
                } else {
                    spec.clauses[clause].route.clone()
                };
                spec.clauses[clause].otherwise = Some(route);
            }
        }
        4 => {
            let clause = rng.usize(..spec.clauses.len());
            if let Trigger::Event(taken) = spec.clauses[clause].trigger {
                spec.clauses[clause].trigger = if rng.bool() {
                    Trigger::All(vec![taken, event])
                } else {
                    Trigger::Times(taken, 2)
                };
                if let Trigger::All(events) = &spec.clauses[clause].trigger
                    && events[0] == events[1]
                {
                    spec.clauses[clause].trigger = Trigger::Event(taken);
                }
            }
        }
        _ => {
            let count = spec.handlers().len();
            let mut at = rng.usize(..count);
            each_handler_of(spec, &mut |handler| {
                if at == 0 {
                    change_handler(handler, event, rng);
                }
                at = at.wrapping_sub(1);
            });
            same_names(spec);
        }
    }
}

/// Handlers of one name are the same.
fn same_names(spec: &mut Spec) {
    let mut first: Vec<Handler> = Vec::new();
    each_handler_of(
        spec,
        &mut |handler| match first.iter().find(|other| other.name == handler.name) {
            Some(other) => handler.clone_from(other),
            None => first.push(handler.clone()),
        },
    );
}

pub(crate) fn each_handler_of(spec: &mut Spec, see: &mut impl FnMut(&mut Handler)) {
    for clause in &mut spec.clauses {
        clause.reminder.iter_mut().for_each(&mut *see);
        for route in std::iter::once(&mut clause.route).chain(&mut clause.otherwise) {
            each_handler(route, see);
        }
    }
}

fn change_handler(handler: &mut Handler, event: usize, rng: &mut Rng) {
    match rng.u8(..9) {
        0 if !handler.emits.contains(&event) => {
            handler.emits.push(event);
            for way in handler.success.iter_mut().chain(&mut handler.failure) {
                way.push(range(rng));
            }
        }
        1 | 2 if !handler.emits.is_empty() => {
            let way = rng.usize(..handler.success.len());
            let at = rng.usize(..handler.emits.len());
            handler.success[way][at] = range(rng);
        }
        3 => {
            let way = handler.emits.iter().map(|_| range(rng)).collect();
            handler.success.push(way);
        }
        4 if handler.success.len() > 1 => {
            handler.success.pop();
        }
        5 => {
            handler.can_fail = true;
            let way = handler.emits.iter().map(|_| range(rng)).collect();
            handler.failure = vec![way];
        }
        6 if handler.can_fail => handler.attempts = 2,
        7 if handler.can_fail => handler.timeout = !handler.timeout,
        8 if !handler.emits.is_empty() => {
            let at = rng.usize(..handler.emits.len());
            if !handler.emits.contains(&event) {
                handler.emits[at] = event;
            }
        }
        _ => {}
    }
}

pub(crate) fn each_handler(stages: &mut [Stage], see: &mut impl FnMut(&mut Handler)) {
    for stage in stages {
        match stage {
            Stage::Handler(handler) => see(handler),
            Stage::Join(routes) | Stage::First(routes) | Stage::Match(routes) => {
                for route in routes {
                    each_handler(route, see);
                }
            }
            Stage::Each(route) => each_handler(route, see),
            Stage::Else(route, stand_in) => {
                each_handler(route, see);
                each_handler(stand_in, see);
            }
            _ => {}
        }
    }
}
