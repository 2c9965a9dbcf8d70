//! Random graphs: what a check rules out does not come in any run of them.

use std::collections::VecDeque;
use std::time::Duration;

use crate::graph::check::rescued::rescue_of;
use crate::graph::check::{Analysis, NONE, excluded_partners};
use crate::graph::desc::{ArmDesc, ClauseDesc, GraphDesc, HandlerDesc, StageDesc, TriggerDesc};
use crate::graph::event::EventDesc;
use crate::graph::location::Location;
use crate::graph::shape::{Alternative, Count, Shape};

const GRAPHS: usize = 5_000;
const RUNS: usize = 30;
const CLAUSES: usize = 5;

const EVENTS: &[EventDesc] = &[event("A"), event("B"), event("C"), event("D"), event("E")];

const fn event(name: &'static str) -> EventDesc {
    EventDesc::new(name, "", name, Location::new("", 0, 0))
}

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    /// True once in so many times.
    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn event(&mut self) -> EventDesc {
        EVENTS[self.below(EVENTS.len())]
    }
}

fn leaked<T>(values: Vec<T>) -> &'static [T] {
    Box::leak(values.into_boxed_slice())
}

/// Makes the clauses of a graph.
struct Maker<'a> {
    random: &'a mut Random,
    handlers: Vec<HandlerDesc>,
    emits: Vec<&'static [EventDesc]>,
    line: u32,
    depth: usize,
}

impl Maker<'_> {
    fn events(&mut self, most: usize) -> &'static [EventDesc] {
        let count = self.random.below(2) * self.random.below(most + 1);
        let mut events: Vec<_> = (0..count).map(|_| self.random.event()).collect();
        events.dedup();
        if let [first, .., last] = events[..]
            && first == last
        {
            events.pop();
        }
        leaked(events)
    }

    fn alternatives(&mut self, events: usize) -> &'static [Alternative] {
        let all = (0..=self.random.below(3)).map(|_| {
            let counts = (0..events).map(|_| match self.random.below(8) {
                0..4 => Count::exactly(0),
                4..7 => Count::exactly(1),
                _ => Count::between(0, 2),
            });
            Alternative::new(leaked(counts.collect()))
        });
        leaked(all.collect())
    }

    fn handler(&mut self) -> StageDesc {
        self.line += 1;
        let (can_fail, emits) = (self.random.once_in(2), self.events(2));
        let place = Location::new("", self.line, 0);
        let mut handler = HandlerDesc::new("handler", "", place, &[], emits, can_fail);
        if !self.random.once_in(8) {
            handler = handler.success(self.alternatives(emits.len()));
            if can_fail {
                handler.shape.failure = self.alternatives(emits.len());
            }
        }
        if can_fail && self.random.once_in(5) {
            handler = handler.attempts(2);
        }
        if can_fail && self.random.once_in(5) {
            handler = handler.timeout(Duration::from_secs(1));
        }
        self.handlers.push(handler);
        StageDesc::Handler(handler)
    }

    fn stage(&mut self) -> StageDesc {
        match self.random.below(9) {
            0 => StageDesc::Join(leaked(vec![self.route(), self.route()])),
            1 => StageDesc::First(leaked(vec![self.route(), self.route()])),
            2 => StageDesc::Each {
                route: self.route(),
                limit: None,
            },
            3..6 => {
                let arms = (0..2 + self.random.below(2)).map(|_| {
                    let mut route = self.route().to_vec();
                    match self.random.below(4) {
                        0 => route.push(StageDesc::Ignore),
                        1 => route.push(self.emit()),
                        _ => {}
                    }
                    ArmDesc::new("_", leaked(route))
                });
                StageDesc::Choice(leaked(arms.collect()))
            }
            6 => StageDesc::Else {
                route: self.route(),
                stand_in: self.route(),
            },
            _ => self.handler(),
        }
    }

    fn emit(&mut self) -> StageDesc {
        let events = self.events(2);
        self.emits.push(events);
        let shape = Shape::new(self.alternatives(events.len()), &[]);
        StageDesc::Emit { events, shape }
    }

    fn route(&mut self) -> &'static [StageDesc] {
        self.depth += 1;
        let stages = (0..=self.random.below(2)).map(|_| match self.random.below(2) {
            0 if self.depth < 3 => self.stage(),
            _ => self.handler(),
        });
        let stages = leaked(stages.collect());
        self.depth -= 1;
        stages
    }

    fn clause(&mut self, trigger: TriggerDesc) -> ClauseDesc {
        let mut route = self.route().to_vec();
        if self.random.once_in(4) {
            route.push(self.emit());
        }
        let handlers = leaked(std::mem::take(&mut self.handlers));
        let emits = leaked(std::mem::take(&mut self.emits));
        let here = Location::new("", 0, 0);
        ClauseDesc::new(trigger, leaked(route), handlers, here).emits(emits)
    }

    /// Two events, if possible of those that the clauses emit.
    fn partners(&mut self, clauses: &[ClauseDesc]) -> [EventDesc; 2] {
        let emitted = clauses.iter().flat_map(|clause| {
            let emits = clause.handlers.iter().map(|handler| handler.emits);
            emits.chain(clause.emits.iter().copied()).flatten()
        });
        let emitted: Vec<_> = emitted.copied().collect();
        let differ = emitted.iter().any(|event| *event != emitted[0]);
        let from = if differ { &emitted } else { EVENTS };
        loop {
            let pair = [(); 2].map(|()| from[self.random.below(from.len())]);
            if pair[0] != pair[1] {
                return pair;
            }
        }
    }
}

fn graph(random: &mut Random) -> GraphDesc {
    let mut maker = Maker {
        random,
        handlers: Vec::new(),
        emits: Vec::new(),
        line: 0,
        depth: 0,
    };
    let mut clauses: Vec<ClauseDesc> = vec![maker.clause(TriggerDesc::Start)];
    while clauses.len() < CLAUSES {
        let left = CLAUSES - clauses.len();
        let kind = if left == 1 { 3 } else { maker.random.below(8) };
        match kind {
            0 if left >= 3 => {
                let question = maker.random.event();
                let ask: &[StageDesc] = &[StageDesc::Ask { within: None }];
                let here = Location::new("", 0, 0);
                clauses.push(ClauseDesc::new(
                    TriggerDesc::Event(question),
                    ask,
                    &[],
                    here,
                ));
                clauses.push(maker.clause(TriggerDesc::Answered(question)));
                clauses.push(maker.clause(TriggerDesc::Unanswered(question)));
            }
            1 => {
                let all: Vec<_> = clauses.iter().flat_map(|of| of.handlers).collect();
                if let [_, ..] = all[..] {
                    let rescued = *all[maker.random.below(all.len())];
                    clauses.push(maker.clause(TriggerDesc::Rescue(Some(rescued))));
                }
            }
            2 => clauses.push(maker.clause(TriggerDesc::Rescue(None))),
            3 | 4 => {
                let pair = maker.partners(&clauses);
                let trigger = TriggerDesc::All(leaked(pair.to_vec()));
                clauses.push(maker.clause(trigger));
                if left >= 3 && maker.random.once_in(2) {
                    clauses.push(maker.clause(TriggerDesc::LeftOver(pair[0])));
                    clauses.push(maker.clause(TriggerDesc::LeftOver(pair[1])));
                }
            }
            _ => {
                let event = maker.random.event();
                clauses.push(maker.clause(TriggerDesc::Event(event)));
            }
        }
    }
    let mut graph = GraphDesc::new("", "", Location::new("", 0, 0));
    let external: &[EventDesc] = if maker.random.once_in(8) {
        &EVENTS[5..]
    } else {
        &[]
    };
    graph = graph.wiring(leaked(clauses), external, EVENTS);
    graph
}

/// How a route ended.
enum Stop {
    Over,
    Failed(Box<HandlerDesc>),
}

/// One run of a graph.
struct Run<'a> {
    graph: &'a GraphDesc,
    random: &'a mut Random,
    queue: VecDeque<usize>,
    /// How many of each event wait in the clause.
    waiting: Vec<[usize; EVENTS.len()]>,
    emitted: [bool; EVENTS.len()],
    came_to: [bool; CLAUSES],
    failed: bool,
}

impl Run<'_> {
    fn run(&mut self) {
        self.queue.push_back(0);
        for step in 0..60 {
            if let [event] = self.graph.external
                && step % 8 == 3
            {
                self.emit(*event);
            }
            if self.failed {
                return;
            }
            let Some(clause) = self.queue.pop_front() else {
                if !self.leave_over() {
                    return;
                }
                continue;
            };
            self.came_to[clause] = true;
            let of = &self.graph.clauses[clause];
            if let [StageDesc::Ask { .. }] = of.route {
                // The answer, its absence, or neither.
                let next = clause + 1 + self.random.below(3);
                if next < clause + 3 {
                    self.queue.push_back(next);
                }
                continue;
            }
            if let Err(Stop::Failed(handler)) = self.route(of.route) {
                let rescue = rescue_of(self.graph, &handler);
                if rescue == CLAUSES || !of.trigger.is_rescued() {
                    self.failed = true;
                } else {
                    self.queue.push_back(rescue);
                }
            }
        }
    }

    /// Queues the `else`s of events without a partner. Returns whether there are any.
    fn leave_over(&mut self) -> bool {
        let mut any = false;
        for clause in 0..CLAUSES {
            let TriggerDesc::LeftOver(event) = self.graph.clauses[clause].trigger else {
                continue;
            };
            let of = (0..clause)
                .rev()
                .find(|of| matches!(self.graph.clauses[*of].trigger, TriggerDesc::All(_)));
            let number = EVENTS.iter().position(|one| *one == event).unwrap();
            let waiting = &mut self.waiting[of.unwrap()][number];
            any |= *waiting > 0;
            for _ in 0..std::mem::take(waiting) {
                self.queue.push_back(clause);
            }
        }
        any
    }

    fn emit(&mut self, event: EventDesc) {
        let number = EVENTS.iter().position(|one| *one == event).unwrap();
        self.emitted[number] = true;
        for (index, clause) in self.graph.clauses.iter().enumerate() {
            match &clause.trigger {
                TriggerDesc::Event(one) if *one == event => self.queue.push_back(index),
                TriggerDesc::All(events) if events.contains(&event) => {
                    self.waiting[index][number] += 1;
                    let numbers = events
                        .iter()
                        .map(|event| EVENTS.iter().position(|one| one == event).unwrap());
                    let numbers: Vec<_> = numbers.collect();
                    if numbers.iter().all(|one| self.waiting[index][*one] > 0) {
                        for one in numbers {
                            self.waiting[index][one] -= 1;
                        }
                        self.queue.push_back(index);
                    }
                }
                _ => {}
            }
        }
    }

    fn emit_one_of(&mut self, events: &[EventDesc], of: &[Alternative], is_cut: bool) {
        if of.is_empty() {
            return;
        }
        let alternative = of[self.random.below(of.len())];
        for (index, event) in events.iter().enumerate() {
            let count = alternative.count(index);
            let most = count.most.unwrap_or(2);
            let more = usize::try_from(most - count.least).unwrap();
            let mut emitted = usize::try_from(count.least).unwrap() + self.random.below(more + 1);
            if is_cut {
                emitted = self.random.below(emitted + 1);
            }
            for _ in 0..emitted {
                self.emit(*event);
            }
        }
    }

    fn route(&mut self, route: &[StageDesc]) -> Result<(), Stop> {
        route.iter().try_for_each(|stage| self.stage(stage))
    }

    fn stage(&mut self, stage: &StageDesc) -> Result<(), Stop> {
        match stage {
            StageDesc::Handler(handler) => self.handler(handler),
            StageDesc::Join(branches) => {
                let mut first = self.random.below(2);
                for _ in 0..2 {
                    if let Err(Stop::Failed(handler)) = self.route(branches[first]) {
                        return Err(Stop::Failed(handler));
                    }
                    first = 1 - first;
                }
                Ok(())
            }
            StageDesc::First(branches) => {
                let first = self.random.below(2);
                match self.route(branches[first]) {
                    Err(Stop::Failed(_)) => self.route(branches[1 - first]),
                    ended => ended,
                }
            }
            StageDesc::Each { route, .. } => {
                for _ in 0..self.random.below(3) {
                    if let Err(Stop::Failed(handler)) = self.route(route) {
                        return Err(Stop::Failed(handler));
                    }
                }
                Ok(())
            }
            StageDesc::Choice(arms) => {
                let arm = self.random.below(arms.len());
                self.route(arms[arm].route)
            }
            StageDesc::Else { route, stand_in } => match self.route(route) {
                Err(Stop::Failed(_)) => self.route(stand_in),
                ended => ended,
            },
            StageDesc::Emit { events, shape } => {
                self.emit_one_of(events, shape.success, false);
                Err(Stop::Over)
            }
            _ => Err(Stop::Over),
        }
    }

    fn handler(&mut self, handler: &HandlerDesc) -> Result<(), Stop> {
        let shape = &handler.shape;
        for _ in 0..handler.attempts {
            if handler.timeout.is_some() && self.random.once_in(3) {
                let of = if self.random.once_in(2) {
                    shape.success
                } else {
                    shape.failure
                };
                self.emit_one_of(handler.emits, of, true);
            } else if handler.can_fail && self.random.once_in(2) {
                self.emit_one_of(handler.emits, shape.failure, false);
            } else {
                self.emit_one_of(handler.emits, shape.success, false);
                return Ok(());
            }
        }
        Err(Stop::Failed(Box::new(*handler)))
    }
}

/// Checks one graph, which waits for `W` events. Returns how many of its partners exclude each other
/// and how many clauses are not reached.
fn check<const W: usize>(graph: &GraphDesc, random: &mut Random) -> (usize, usize) {
    let analysis = Analysis::<CLAUSES, W>::new(graph);
    let mut excluded = Vec::new();
    for (index, clause) in graph.clauses.iter().enumerate() {
        if let TriggerDesc::All(events) = clause.trigger
            && excluded_partners(graph, &analysis, index, 0, 1) != NONE
        {
            excluded.push([events[0], events[1]]);
        }
    }
    let reached = analysis.connections.reached;
    for _ in 0..RUNS {
        let mut run = Run {
            graph,
            random,
            queue: VecDeque::new(),
            waiting: vec![[0; EVENTS.len()]; CLAUSES],
            emitted: [false; EVENTS.len()],
            came_to: [false; CLAUSES],
            failed: false,
        };
        run.run();
        for pair in &excluded {
            let both = pair.iter().all(|event| {
                let number = EVENTS.iter().position(|one| one == event);
                run.emitted[number.unwrap()]
            });
            assert!(!both, "{} and {} in {graph:#?}", pair[0].name, pair[1].name);
        }
        for (clause, came) in run.came_to.iter().enumerate() {
            assert!(reached[clause] || !came, "{clause} of {graph:#?}");
        }
    }
    (
        excluded.len(),
        reached.iter().filter(|reached| !**reached).count(),
    )
}

#[test]
fn what_is_ruled_out_never_comes() {
    let mut random = Random(7);
    let (mut excluded, mut unreached) = (0, 0);
    for _ in 0..GRAPHS {
        let graph = graph(&mut random);
        let waits = graph
            .clauses
            .iter()
            .map(|clause| clause.trigger.events().len());
        let found = match waits.sum() {
            0 => check::<0>(&graph, &mut random),
            1 => check::<1>(&graph, &mut random),
            2 => check::<2>(&graph, &mut random),
            3 => check::<3>(&graph, &mut random),
            4 => check::<4>(&graph, &mut random),
            5 => check::<5>(&graph, &mut random),
            6 => check::<6>(&graph, &mut random),
            7 => check::<7>(&graph, &mut random),
            8 => check::<8>(&graph, &mut random),
            9 => check::<9>(&graph, &mut random),
            10 => check::<10>(&graph, &mut random),
            11 => check::<11>(&graph, &mut random),
            _ => check::<12>(&graph, &mut random),
        };
        excluded += found.0;
        unreached += found.1;
    }
    assert!(excluded > 40, "{excluded}");
    assert!(unreached > 1_000, "{unreached}");
}
