//! Random graphs that the compiler accepts.

mod clauses;
mod places;
mod words;

use fastrand::Rng;

use crate::generate::places::{cannot_fail, has_flow};
use crate::graph::{Clause, EVENTS, Graph, Last, OUTSIDE, QUESTION, Route, Stage, Trigger, used};

/// The handlers that take any event.
const TAKES: [&str; 6] = ["e0", "e1", "e2", "e3", "e4", "e5"];

/// The handlers that take a value and return one.
const PLAIN: [&str; 7] = ["v0", "v1", "v2", "v3", "v4", "v5", "v6"];

/// What opens resources, and the handler that begins with them.
const OPENED: [(&[&str], &str); 5] = [
    (&[], "v3"),
    (&[], "v3"),
    (&[], "v3"),
    (&["open0"], "z0"),
    (&["open0", "open1"], "z1"),
];

/// How deep stages contain stages.
const DEPTH: u8 = 2;

/// What the flows are made for.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// To be compared with the model.
    Modelled,
    /// To be crashed. They have only what durable flows have, and as few calls as can be that
    /// cannot be told apart.
    Durable,
}

impl Kind {
    /// How many flows there are.
    fn flows(self) -> usize {
        match self {
            Self::Modelled => 16,
            Self::Durable => 6,
        }
    }
}

/// The flows of a seed.
pub(crate) fn graphs(kind: Kind, seed: u64) -> Vec<Graph> {
    let mut graphs: Vec<Graph> = Vec::new();
    for index in 0..kind.flows() {
        let mut one = Generator {
            rng: Rng::with_seed(seed.wrapping_mul(1_000).wrapping_add(index as u64)),
            // Only every third has stages that are flows, and no flow is in a flow in a flow.
            stages: if index % 3 == 2 {
                inner_flows(&graphs)
            } else {
                Vec::new()
            },
            has_output: false,
            asks: false,
            durable: kind == Kind::Durable,
        };
        let graph = one.graph(index, &graphs);
        graphs.push(graph);
    }
    graphs
}

/// Flows that can be stages of others: those with a value.
fn inner_flows(graphs: &[Graph]) -> Vec<usize> {
    let fits = |graph: &&Graph| {
        // What a durable flow refuses as a stage.
        let is_refused = graph.durable && (graph.finishes() || !graph.externals.is_empty());
        graph.has_output && graph.index % 3 != 2 && !is_refused
    };
    let inner = graphs.iter().filter(fits);
    inner.map(|graph| graph.index).collect()
}

/// The text of the file with the flows.
pub(crate) fn text(kind: Kind, seed: u64) -> String {
    let graphs = graphs(kind, seed);
    let mut text = format!(
        "//! Random flows; `generate.rs` writes this file.\n\n\
         {}{}pub(crate) const SEED: u64 = {seed};\n\n",
        uses(),
        if kind == Kind::Durable {
            "use crate::counting::{Total, count, recount, sum_up};\n\n"
        } else {
            ""
        },
    );
    for graph in &graphs {
        text += &graph.text();
        text += "\n";
    }
    let runners = graphs
        .iter()
        .map(|graph| format!("    {},\n", runner(&graphs, graph.index)));
    let runners = runners.collect::<String>();
    text + &format!("pub(crate) const RUNNERS: &[Runner] = &[\n{runners}];\n")
}

/// What the text of a flow needs.
pub(crate) fn uses() -> &'static str {
    "use flow_core::{BoxError, Failed, flow};\n\n\
     use crate::engine::{Runner, runner};\n\
     use crate::handlers::*;\n\
     use crate::script::{Value, World};\n\n"
}

/// What runs the flow.
pub(crate) fn runner(graphs: &[Graph], index: usize) -> String {
    let graph = &graphs[index];
    let externals = graph.externals.iter().map(|event| EVENTS[*event]);
    let externals: Vec<_> = externals.collect();
    let mut all = used(graphs, index).into_iter();
    let asks = if all.any(|one| graphs[one].asks()) {
        "Q"
    } else {
        ""
    };
    let externals = externals.join(" ");
    format!("runner!(F{}, [{externals}], [{asks}])", graph.index)
}

struct Generator {
    rng: Rng,
    /// The flows that can be stages.
    stages: Vec<usize>,
    has_output: bool,
    /// Its stages ask.
    asks: bool,
    durable: bool,
}

/// Where a stage is.
#[derive(Clone, Copy)]
struct At {
    depth: u8,
    /// The innermost branch is that of an `each`.
    skips: bool,
}

impl Generator {
    fn one_in(&mut self, of: u8) -> bool {
        self.rng.u8(..of) == 0
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.rng.usize(..of.len())]
    }

    fn graph(&mut self, index: usize, graphs: &[Graph]) -> Graph {
        self.has_output = self.rng.bool();
        self.asks = self.rng.bool();
        let opened = if self.durable { &OPENED[..1] } else { &OPENED };
        let (opens, first) = self.pick(opened);
        // It emits every event, so that every clause can be reached.
        let mut start = self.route(Stage::Handler(first));
        if self.has_output && !self.one_in(3) {
            Self::end_with(&mut start, Last::Ignore);
        }
        if self.one_in(4) {
            Self::end_with(&mut start, Last::Emit);
            start.stages.push(Stage::Handler("m_one"));
        }
        let mut clauses = vec![Clause {
            trigger: Trigger::Start,
            route: start,
            otherwise: None,
        }];
        for event in 0..=QUESTION {
            if event == QUESTION {
                if !self.asks && !self.one_in(3) {
                    self.ask(&mut clauses);
                }
                continue;
            }
            if self.one_in(5) {
                continue;
            }
            self.when(event, &mut clauses);
            if self.one_in(3) {
                self.when(event, &mut clauses);
            }
        }
        if self.has_output && !clauses.iter().any(|clause| ends(&clause.route)) {
            let takes_value = |clause: &&mut Clause| !clause.route.begins_with("x_vec");
            let last = clauses.iter_mut().rfind(takes_value).unwrap();
            Self::end_with(&mut last.route, Last::End);
        }
        // How many ticks there are depends on the time, and so on the crashes.
        if !self.durable && self.one_in(if self.is_outermost(index) { 3 } else { 6 }) {
            self.every(&mut clauses);
        }
        if self.one_in(2) {
            // Nothing could answer there.
            let asks = std::mem::take(&mut self.asks);
            let mut route = self.route(Stage::Handler("settle"));
            self.asks = asks;
            if !matches!(route.last, Last::Emit) {
                route.last = Last::Ignore;
            }
            if self.durable {
                // At once, before what the route begins.
                route.stages.insert(1, Stage::Handler("sum_up"));
            }
            clauses.push(Clause {
                trigger: Trigger::Finally,
                route,
                otherwise: None,
            });
        }
        // Longer than its questions wait, and than the attempts of each handler take.
        let timeout = self.pick(&[None, None, Some(4_001), Some(9_001)]);
        let idle = [None, None, None, None, Some(1_103), Some(2_903)];
        let idle = self.pick(&idle);
        let drain = self.pick(&[None, Some(101), Some(901)]);
        let concurrency = self.pick(&[None, None, None, Some(1), Some(2), Some(3)]);
        // Which calls have its permits depends on what is durable when.
        let concurrency = concurrency.filter(|_| !self.durable);
        let mut graph = Graph {
            index,
            durable: self.durable,
            opens,
            concurrency,
            timeout,
            idle,
            drain: drain.filter(|_| self.has_output),
            has_output: self.has_output,
            externals: Vec::new(),
            clauses,
        };
        self.clauses_from_outside(&mut graph, graphs);
        let before = graph.clone();
        self.rescues(&mut graph.clauses);
        if without_clause(&graph, graphs).is_some() {
            graph = before;
            let stages = std::mem::take(&mut self.stages);
            self.rescues(&mut graph.clauses);
            self.stages = stages;
        }
        let is_declared = |event: &usize| {
            let often = if *event == OUTSIDE {
                1
            } else {
                self.often(index)
            };
            let takes = graph.takes(*event) && self.one_in(often);
            takes || passes_on(&graph, graphs, *event)
        };
        let events = (0..EVENTS.len()).filter(|event| *event != QUESTION);
        graph.externals = events.filter(is_declared).collect();
        graph
    }

    /// One in so many flows takes an event from outside.
    fn often(&self, index: usize) -> u8 {
        if self.is_outermost(index) { 3 } else { 6 }
    }

    /// Clauses that take events from outside.
    fn clauses_from_outside(&mut self, graph: &mut Graph, graphs: &[Graph]) {
        if self.one_in(self.often(graph.index)) {
            let clause = self.external(OUTSIDE);
            if !graph.clauses.iter().any(|other| other.repeats(&clause)) {
                graph.clauses.push(clause);
            }
        }
        // A clause may have further stages.
        while let Some(event) = without_clause(graph, graphs) {
            let clause = self.external(event);
            graph.clauses.push(clause);
        }
    }

    fn external(&mut self, event: usize) -> Clause {
        let first = self.pick(&TAKES);
        let route = self.route(Stage::Handler(first));
        if self.rng.bool() {
            let events = if event == OUTSIDE && self.one_in(3) {
                vec![self.rng.usize(..QUESTION), event]
            } else {
                vec![event]
            };
            return Clause {
                trigger: Trigger::Any(events),
                route,
                otherwise: None,
            };
        }
        Clause {
            trigger: Trigger::If(event),
            route,
            otherwise: Some(self.route(Stage::Handler("e0"))),
        }
    }

    /// Whether it is no stage of another flow; see [`inner_flows`].
    fn is_outermost(&self, index: usize) -> bool {
        index % 3 == 2 || !self.has_output
    }

    /// A route that begins with this stage.
    fn route(&mut self, first: Stage) -> Route {
        let mut stages = vec![first];
        if self.rng.bool() {
            stages.extend(self.chain(At {
                depth: 0,
                skips: false,
            }));
        }
        let last = match self.rng.u8(..8) {
            0 => {
                stages.push(Stage::Handler("choose"));
                let arms = (0..3).map(|_| self.arm());
                Last::Match(arms.collect())
            }
            1 if self.has_output => Last::EndNow,
            2 | 3 if self.has_output => Last::End,
            4 => {
                stages.extend(self.returning());
                Last::Emit
            }
            _ => {
                self.count(&mut stages);
                Last::Ignore
            }
        };
        Route { stages, last }
    }

    fn arm(&mut self) -> Route {
        let mut route = Route {
            stages: Vec::new(),
            last: Last::Ignore,
        };
        if !self.one_in(3) {
            if self.asks && self.one_in(3) {
                self.ask_in_place(&mut route.stages);
            } else {
                route.stages = self.chain(At {
                    depth: 2,
                    skips: false,
                });
            }
            if self.has_output && self.rng.bool() {
                route.last = self.pick_end();
            } else if self.one_in(4) {
                route.stages.extend(self.returning());
                route.last = Last::Emit;
            }
        }
        route
    }

    fn pick_end(&mut self) -> Last {
        if self.one_in(3) {
            Last::EndNow
        } else {
            Last::End
        }
    }

    /// Stages that take a value and return one.
    fn chain(&mut self, at: At) -> Vec<Stage> {
        let mut stages = Vec::new();
        self.stage(at, &mut stages);
        if self.one_in(2 + at.depth) {
            self.stage(at, &mut stages);
        }
        stages
    }

    fn stage(&mut self, at: At, stages: &mut Vec<Stage>) {
        let handler = |name| Stage::Handler(name);
        let within = |skips| At {
            depth: at.depth + 1,
            skips,
        };
        let simple = self.pick(&PLAIN);
        if at.depth >= DEPTH {
            return stages.push(handler(simple));
        }
        if self.asks && self.one_in(3) {
            return self.ask_in_place(stages);
        }
        if self.one_in(10) {
            return self.glue(stages);
        }
        match self.rng.u8(..13) {
            0 | 1 => {
                let branches = self.rng.usize(2..=3);
                let join = (0..branches).map(|nth| {
                    let mut branch = self.told_apart(nth);
                    branch.extend(self.chain(within(false)));
                    branch
                });
                let mut join: Vec<_> = join.collect();
                let names = if self.one_in(4) {
                    self.leave(within(false), &mut join[branches - 2]);
                    ["h2", "h3"]
                } else {
                    ["j2", "j3"]
                };
                stages.push(Stage::Join(join));
                stages.push(handler(names[branches - 2]));
            }
            2 | 3 => {
                self.each(at, stages);
            }
            4 | 5 => {
                let mut inner = self.chain(within(at.skips));
                if cannot_fail(&inner) {
                    inner.push(handler(simple));
                }
                let stand_in = self.stand_in(&inner, at);
                stages.push(Stage::Else(inner, stand_in));
            }
            6 => {
                stages.push(handler("choose"));
                let arms = (0..3).map(|_| {
                    if at.skips && self.one_in(3) {
                        Vec::new()
                    } else {
                        self.chain(within(at.skips))
                    }
                });
                let mut arms: Vec<_> = arms.collect();
                if arms.iter().all(Vec::is_empty) {
                    arms[0].push(handler(simple));
                }
                stages.push(Stage::Match(arms));
            }
            12 => {
                let branches = self.rng.usize(2..=3);
                let branches = (0..branches).map(|nth| {
                    let mut branch = self.told_apart(nth);
                    branch.extend(self.chain(within(false)));
                    if cannot_fail(&branch) {
                        branch.push(handler(simple));
                    }
                    branch
                });
                stages.push(Stage::First(branches.collect()));
            }
            7..=9 if !self.stages.is_empty() && at.depth < DEPTH => {
                let inner = Stage::Flow(self.rng.choice(self.stages.clone()).unwrap());
                if self.rng.bool() {
                    let stand_in = self.stand_in(std::slice::from_ref(&inner), at);
                    stages.push(Stage::Else(vec![inner], stand_in));
                } else {
                    stages.push(inner);
                }
            }
            _ => stages.push(handler(simple)),
        }
    }

    fn stand_in(&mut self, of: &[Stage], at: At) -> Option<Box<Stage>> {
        if at.skips && self.one_in(2) {
            return None;
        }
        // The error of a flow has a type of its own.
        let is_flow = has_flow(of);
        let names: &[&'static str] = if is_flow {
            &["s3"]
        } else {
            &["s0", "s1", "s2", "s3"]
        };
        Some(Box::new(if !is_flow && self.one_in(5) {
            Stage::Closure("|failed: Failed<BoxError, Value>| failed.cause")
        } else {
            Stage::Handler(self.pick(names))
        }))
    }
}

fn passes_on(graph: &Graph, graphs: &[Graph], event: usize) -> bool {
    !graph.stages_that_take(graphs, event).is_empty()
}

/// An event that its stages take from outside, and that handlers emit: without a clause it is
/// ignored, and so not declared.
fn without_clause(graph: &Graph, graphs: &[Graph]) -> Option<usize> {
    (0..QUESTION).find(|event| passes_on(graph, graphs, *event) && !graph.takes(*event))
}

fn ends(route: &Route) -> bool {
    match &route.last {
        Last::End | Last::EndNow => true,
        Last::Match(arms) => arms.iter().any(ends),
        Last::Emit | Last::Ignore => false,
    }
}
