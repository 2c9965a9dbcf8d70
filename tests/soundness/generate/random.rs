//! Any graphs.

use crate::generate::{Generator, range};
use crate::spec::{Clause, Spec, Stage, Trigger, Way};

impl Generator<'_> {
    /// Any graph.
    pub(super) fn random(&mut self) -> Spec {
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
