//! Random graphs: half of them at random, and half built so that they come to their output, then
//! changed in none or more places.

use fastrand::Rng;

use crate::spec::{Clause, Handler, Range, Spec, Stage, Trigger, Way};

/// The most clauses of a graph.
const CLAUSES: usize = 8;
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

/// Whether `flow!` accepts it, without the proof.
pub(crate) fn is_well_formed(spec: &Spec) -> bool {
    let count = spec.clauses.len();
    if count > CLAUSES || spec.size() > MOST || spec.waits() > MOST {
        return false;
    }
    let is_rescue = |clause: &&Clause| matches!(clause.trigger, Trigger::Rescue(_));
    // In a rescue, errors are not rescued.
    let outside = Spec {
        has_output: false,
        clauses: spec
            .clauses
            .iter()
            .filter(|clause| !is_rescue(clause))
            .cloned()
            .collect(),
    };
    let handlers = outside.handlers();
    let only_once = |name: usize| {
        let mut rescues = spec.clauses.iter().filter(
            |clause| matches!(clause.trigger, Trigger::Rescue(Some(other)) if other == name),
        );
        rescues.next();
        rescues.next().is_none()
    };
    let rescued = spec.clauses.iter().all(|clause| match &clause.trigger {
        Trigger::Rescue(Some(name)) => {
            let of_name = |handler: &&&Handler| handler.name == *name;
            only_once(*name)
                && handlers
                    .iter()
                    .find(of_name)
                    .is_some_and(|handler| handler.can_fail)
        }
        Trigger::Rescue(None) => handlers.iter().any(|handler| handler.can_fail),
        _ => true,
    });
    let rescue_of_all = |clause: &&Clause| clause.trigger == Trigger::Rescue(None);
    if !rescued || spec.clauses.iter().filter(rescue_of_all).count() > 1 {
        return false;
    }
    for (index, clause) in spec.clauses.iter().enumerate() {
        if spec.clauses[..index].contains(clause) {
            return false;
        }
        // A question has one clause, which alone takes it.
        if let Trigger::Ask(question) = clause.trigger {
            let others = spec
                .clauses
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != index);
            let mut others = others.map(|(_, clause)| clause);
            if others.any(|other| match &other.trigger {
                Trigger::Event(taken) | Trigger::Ask(taken) | Trigger::Times(taken, _) => {
                    *taken == question
                }
                Trigger::All(taken) => taken.contains(&question),
                _ => false,
            }) {
                return false;
            }
        }
    }
    let routes = spec
        .clauses
        .iter()
        .flat_map(|clause| std::iter::once(&clause.route).chain(&clause.otherwise));
    let mut stages = routes.flatten();
    if stages.any(|stage| skips(stage) || is_needless(stage)) {
        return false;
    }
    let ends = |route: &[Stage]| route.iter().any(ends);
    let any_end = spec
        .clauses
        .iter()
        .any(|clause| ends(&clause.route) || clause.otherwise.as_deref().is_some_and(ends));
    any_end == spec.has_output && all_reached(spec)
}

/// Whether an `else` is behind handlers of which none can fail.
fn is_needless(stage: &Stage) -> bool {
    match stage {
        Stage::Else(route, stand_in) => {
            let spec = Spec {
                has_output: false,
                clauses: vec![Clause::new(Trigger::Start, route.clone())],
            };
            !spec.handlers().iter().any(|handler| handler.can_fail)
                || route.iter().chain(stand_in).any(is_needless)
        }
        Stage::Match(routes) | Stage::Join(routes) | Stage::First(routes) => {
            routes.iter().flatten().any(is_needless)
        }
        Stage::Each(route) => route.iter().any(is_needless),
        _ => false,
    }
}

/// Whether a `skip` is not in an `each`.
fn skips(stage: &Stage) -> bool {
    match stage {
        Stage::Skip => true,
        Stage::Match(routes) | Stage::Join(routes) | Stage::First(routes) => {
            routes.iter().flatten().any(skips)
        }
        Stage::Else(route, stand_in) => route.iter().chain(stand_in).any(skips),
        _ => false,
    }
}

fn ends(stage: &Stage) -> bool {
    match stage {
        Stage::End | Stage::EndNow => true,
        Stage::Match(arms) => arms.iter().flatten().any(ends),
        Stage::Join(branches) | Stage::First(branches) => branches.iter().flatten().any(ends),
        Stage::Each(route) => route.iter().any(ends),
        Stage::Else(route, stand_in) => route.iter().chain(stand_in).any(ends),
        _ => false,
    }
}

/// Whether some handler that is reached emits what each clause waits for.
fn all_reached(spec: &Spec) -> bool {
    let mut reached = vec![false; spec.clauses.len()];
    loop {
        let clauses = spec.clauses.iter().zip(&reached);
        let clauses = clauses.filter(|(_, reached)| **reached);
        let clauses: Vec<_> = clauses.map(|(clause, _)| clause.clone()).collect();
        let part = Spec {
            has_output: false,
            clauses,
        };
        let emitted = part.emitted();
        let names: Vec<_> = part.handlers().iter().map(|handler| handler.name).collect();
        let arrives = |event: &usize| emitted.contains(event);
        let before = reached.clone();
        for (clause, reached) in spec.clauses.iter().zip(&mut reached) {
            *reached |= match &clause.trigger {
                Trigger::Start => true,
                Trigger::Event(event) | Trigger::Times(event, _) | Trigger::Ask(event) => {
                    arrives(event)
                }
                Trigger::All(events) => events.iter().all(arrives),
                Trigger::Rescue(None) => !names.is_empty(),
                Trigger::Rescue(Some(name)) => names.contains(name),
            };
        }
        if reached == before {
            return reached.into_iter().all(|reached| reached);
        }
    }
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
}

impl<'a> Generator<'a> {
    fn new(rng: &'a mut Rng) -> Self {
        Self {
            rng,
            clauses: Vec::new(),
            events: 0,
            handlers: 0,
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
        Spec {
            has_output: true,
            clauses: std::mem::take(&mut self.clauses),
        }
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
        match self.rng.u8(..17) {
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
                vec![first]
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
            clause.by = matches!(clause.trigger, Trigger::All(_)) && self.one_in(4);
            self.clauses.push(clause);
        }
        if self.one_in(3) {
            let route = self.route(self.rng.clone().usize(..=self.events), has_output);
            let spec = Spec {
                has_output,
                clauses: self.clauses.clone(),
            };
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
        Spec {
            has_output,
            clauses: std::mem::take(&mut self.clauses),
        }
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
                route.push(Stage::Join(branches));
            }
            3 => {
                let item = self.stage(from);
                route.push(Stage::Each(vec![item]));
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
            if self.one_in(3) {
                let stand_in = Stage::Handler(self.quiet());
                return Stage::Else(vec![Stage::Handler(handler)], vec![stand_in]);
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
    match rng.u8(..12) {
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
            for clause in &mut spec.clauses {
                for route in std::iter::once(&mut clause.route).chain(&mut clause.otherwise) {
                    each_handler(route, &mut |handler| {
                        if at == 0 {
                            change_handler(handler, event, rng);
                        }
                        at = at.wrapping_sub(1);
                    });
                }
            }
            same_names(spec);
        }
    }
}

/// Handlers of one name are the same.
fn same_names(spec: &mut Spec) {
    let mut first: Vec<Handler> = Vec::new();
    for clause in &mut spec.clauses {
        for route in std::iter::once(&mut clause.route).chain(&mut clause.otherwise) {
            each_handler(route, &mut |handler| match first
                .iter()
                .find(|other| other.name == handler.name)
            {
                Some(other) => handler.clone_from(other),
                None => first.push(handler.clone()),
            });
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

/// Graphs with less of one thing.
pub(crate) fn smaller(spec: &Spec) -> Vec<Spec> {
    let mut all = Vec::new();
    for index in 1..spec.clauses.len() {
        let mut one = spec.clone();
        one.clauses.remove(index);
        all.push(one);
    }
    for index in 0..spec.clauses.len() {
        let clause = &spec.clauses[index];
        let mut with = |changed: Clause| {
            let mut one = spec.clone();
            one.clauses[index] = changed;
            all.push(one);
        };
        if clause.otherwise.is_some() {
            with(Clause {
                otherwise: None,
                ..clause.clone()
            });
        }
        if clause.by {
            with(Clause {
                by: false,
                ..clause.clone()
            });
        }
        for route in smaller_routes(&clause.route) {
            with(Clause {
                route,
                ..clause.clone()
            });
        }
        for otherwise in clause
            .otherwise
            .iter()
            .flat_map(|route| smaller_routes(route))
        {
            let otherwise = Some(otherwise);
            with(Clause {
                otherwise,
                ..clause.clone()
            });
        }
    }
    let names: Vec<_> = spec.handlers().iter().map(|handler| handler.name).collect();
    for name in names {
        for nth in 0..7 {
            let mut one = spec.clone();
            let mut changed = false;
            for clause in &mut one.clauses {
                for route in std::iter::once(&mut clause.route).chain(&mut clause.otherwise) {
                    each_handler(route, &mut |handler| {
                        if handler.name == name {
                            changed |= make_smaller(handler, nth);
                        }
                    });
                }
            }
            if changed {
                all.push(one);
            }
        }
    }
    all.retain(|one| one != spec);
    all
}

fn make_smaller(handler: &mut Handler, nth: usize) -> bool {
    match nth {
        0 if handler.success.len() > 1 => drop(handler.success.pop()),
        1 if handler.success.len() > 1 => drop(handler.success.remove(0)),
        2 if handler.can_fail => {
            handler.can_fail = false;
            handler.timeout = false;
            handler.attempts = 1;
            handler.failure.clear();
        }
        3 if handler.attempts > 1 => handler.attempts = 1,
        4 if handler.timeout => handler.timeout = false,
        5 if !handler.emits.is_empty() => {
            handler.emits.pop();
            for way in handler.success.iter_mut().chain(&mut handler.failure) {
                way.pop();
            }
        }
        6 if !handler.emits.is_empty() => {
            handler.emits.remove(0);
            for way in handler.success.iter_mut().chain(&mut handler.failure) {
                way.remove(0);
            }
        }
        _ => return false,
    }
    true
}

fn smaller_routes(route: &[Stage]) -> Vec<Vec<Stage>> {
    let mut all = Vec::new();
    for index in 0..route.len() {
        if route.len() > 1 {
            let mut one = route.to_vec();
            one.remove(index);
            all.push(one);
        }
        let inner: Vec<Vec<Stage>> = match &route[index] {
            Stage::Join(routes) | Stage::First(routes) | Stage::Match(routes) => routes.clone(),
            Stage::Each(route) => vec![route.clone()],
            Stage::Else(route, stand_in) => vec![route.clone(), stand_in.clone()],
            _ => Vec::new(),
        };
        for inner in inner {
            let mut one = route[..index].to_vec();
            one.extend(inner);
            one.extend_from_slice(&route[index + 1..]);
            all.push(one);
        }
    }
    all
}
