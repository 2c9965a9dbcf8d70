//! Random graphs that the compiler accepts.

use fastrand::Rng;

use crate::graph::{Clause, EVENTS, Graph, Last, QUESTION, Route, Stage, Trigger};

/// How many flows there are.
const FLOWS: usize = 16;

/// The handlers that take any event.
const TAKES: [&str; 6] = ["e0", "e1", "e2", "e3", "e4", "e5"];

/// The handlers that take a value and return one.
const PLAIN: [&str; 7] = ["v0", "v1", "v2", "v3", "v4", "v5", "v6"];

/// How deep stages contain stages.
const DEPTH: u8 = 2;

/// The flows of a seed.
pub(crate) fn graphs(seed: u64) -> Vec<Graph> {
    let mut graphs: Vec<Graph> = Vec::new();
    for index in 0..FLOWS {
        let mut one = Generator {
            rng: Rng::with_seed(seed.wrapping_mul(1_000).wrapping_add(index as u64)),
            // Only every third has stages that are flows, and no flow is in a flow in a flow.
            stages: if index % 3 == 2 {
                inner_flows(&graphs)
            } else {
                Vec::new()
            },
            has_output: false,
        };
        let graph = one.graph(index);
        graphs.push(graph);
    }
    graphs
}

/// Flows that can be stages of others: those with a value.
fn inner_flows(graphs: &[Graph]) -> Vec<usize> {
    let indices = graphs.iter().map(|graph| graph.index);
    indices
        .filter(|index| graphs[*index].has_output && index % 3 != 2)
        .collect()
}

/// The text of the file with the flows.
pub(crate) fn text(seed: u64) -> String {
    let graphs = graphs(seed);
    let mut text = format!(
        "//! Random flows; `generate.rs` writes this file.\n\n\
         {}pub(crate) const SEED: u64 = {seed};\n\n",
        uses()
    );
    for graph in &graphs {
        text += &graph.text();
        text += "\n";
    }
    let runners = graphs
        .iter()
        .map(|graph| format!("    {},\n", runner(graph)));
    let runners = runners.collect::<String>();
    text + &format!("pub(crate) const RUNNERS: &[Runner] = &[\n{runners}];\n")
}

/// What the text of a flow needs.
pub(crate) fn uses() -> &'static str {
    "use flow_core::flow;\n\n\
     use crate::engine::{Runner, runner};\n\
     use crate::handlers::*;\n\
     use crate::script::{Value, World};\n\n"
}

/// What runs the flow.
pub(crate) fn runner(graph: &Graph) -> String {
    let externals = graph.externals.iter().map(|event| EVENTS[*event]);
    let externals: Vec<_> = externals.map(|event| format!(" {event}")).collect();
    format!("runner!(F{}{})", graph.index, externals.concat())
}

struct Generator {
    rng: Rng,
    /// The flows that can be stages.
    stages: Vec<usize>,
    has_output: bool,
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

    fn graph(&mut self, index: usize) -> Graph {
        self.has_output = self.rng.bool();
        // It emits every event, so that every clause can be reached.
        let mut start = self.route(Stage::Handler("v3"));
        if self.has_output && !self.one_in(3) {
            start.last = Last::Ignore;
        }
        let mut clauses = vec![Clause {
            trigger: Trigger::Start,
            route: start,
            otherwise: None,
        }];
        for event in 0..EVENTS.len() {
            if event == QUESTION {
                // A flow that is a stage asks nothing.
                if self.is_outermost(index) && !self.one_in(3) {
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
            clauses.last_mut().unwrap().route.last = Last::End;
        }
        if self.is_outermost(index) && self.one_in(3) {
            self.every(&mut clauses);
        }
        if self.one_in(2) {
            let mut route = self.route(Stage::Handler("settle"));
            route.last = Last::Ignore;
            clauses.push(Clause {
                trigger: Trigger::Finally,
                route,
                otherwise: None,
            });
        }
        self.rescues(&mut clauses);
        // A flow that is a stage takes none, so that its outer flow needs not declare it.
        let mut externals = Vec::new();
        if self.is_outermost(index) {
            let is_taken = |event: &usize| clauses.iter().any(|clause| clause.takes(*event));
            externals.extend((0..QUESTION).filter(is_taken).filter(|_| self.one_in(3)));
        }
        // Longer than its questions wait, and than the attempts of each handler take.
        let timeout = self.pick(&[None, None, Some(4_001), Some(9_001)]);
        let drain = self.pick(&[None, Some(101), Some(901)]);
        Graph {
            index,
            timeout,
            drain: drain.filter(|_| self.has_output),
            has_output: self.has_output,
            externals,
            clauses,
        }
    }

    /// Whether it is no stage of another flow; see [`inner_flows`].
    fn is_outermost(&self, index: usize) -> bool {
        index % 3 == 2 || !self.has_output
    }

    fn ask(&mut self, clauses: &mut Vec<Clause>) {
        let within = [None, None, Some(1_501), Some(3_101)];
        let every = [None, None, Some(901)];
        let trigger = Trigger::Ask(self.pick(&within), self.pick(&every));
        let route = self.route(Stage::Handler("q0"));
        let otherwise = self.rng.bool();
        let otherwise = otherwise.then(|| self.route(Stage::Handler("q1")));
        clauses.push(Clause {
            trigger,
            route,
            otherwise,
        });
    }

    fn every(&mut self, clauses: &mut Vec<Clause>) {
        for period in [701, 1_301] {
            if period == 701 || self.one_in(2) {
                clauses.push(Clause {
                    trigger: Trigger::Every(period),
                    route: self.route(Stage::Handler("k0")),
                    otherwise: None,
                });
            }
        }
    }

    fn when(&mut self, event: usize, clauses: &mut Vec<Clause>) {
        let (trigger, first) = match self.rng.u8(..5) {
            0 => {
                let other = (event + 1 + self.rng.usize(..3)) % QUESTION;
                let events = vec![event.min(other), event.max(other)];
                (Trigger::Any(events), self.pick(&TAKES))
            }
            1 => (Trigger::If(event), self.pick(&TAKES)),
            2 | 3 => {
                let all: [(&[usize], &'static str); 6] = [
                    (&[0, 1], "p_ab"),
                    (&[2, 3], "p_cd"),
                    (&[1, 2], "p_bc"),
                    (&[0, 3], "p_ad"),
                    (&[0, 1, 2], "p_abc"),
                    (&[1, 2, 3], "p_bcd"),
                ];
                let (events, first) = self.pick(&all);
                (Trigger::All(events.to_vec()), first)
            }
            _ => (Trigger::Any(vec![event]), self.pick(&TAKES)),
        };
        if clauses.iter().any(|clause| clause.trigger == trigger) {
            return;
        }
        let has_otherwise = match trigger {
            Trigger::If(_) => true,
            Trigger::All(_) => self.rng.bool(),
            _ => false,
        };
        let route = self.route(Stage::Handler(first));
        let otherwise = has_otherwise.then(|| {
            if self.one_in(3) {
                let (stages, last) = (Vec::new(), Last::Ignore);
                return Route { stages, last };
            }
            let first = self.pick(&TAKES);
            self.route(Stage::Handler(first))
        });
        let clause = Clause {
            trigger,
            route,
            otherwise,
        };
        // `when A | B -> c` and `when A -> c` are refused, as one of them is there twice.
        if !clauses.iter().any(|other| other.repeats(&clause)) {
            clauses.push(clause);
        }
    }

    /// Handlers that fail outside of joins and `each`, without an `else`, may have a rescue.
    fn rescues(&mut self, clauses: &mut Vec<Clause>) {
        let mut places = Vec::new();
        for clause in &*clauses {
            if let Trigger::Ask(_, Some(_)) = clause.trigger {
                places.push(Place {
                    handler: "n0",
                    in_branch: false,
                    covered: false,
                });
            }
            for route in std::iter::once(&clause.route).chain(&clause.otherwise) {
                places_of_route(route, &mut places);
            }
        }
        let is_free = |name: &str| {
            let mut open = places
                .iter()
                .filter(|place| place.handler == name && !place.covered);
            open.clone().next().is_some() && open.all(|place| !place.in_branch)
        };
        let handlers = PLAIN.into_iter().chain(TAKES);
        let handlers = handlers.chain(["q0", "k0", "n0", "p_ab", "choose"]);
        let mut rescued: Vec<_> = handlers.filter(|name| is_free(name)).collect();
        rescued.retain(|_| self.one_in(3));
        if !rescued.is_empty() {
            let route = self.route(Stage::Handler("r0"));
            clauses.push(Clause {
                trigger: Trigger::Rescue(rescued.clone()),
                route,
                otherwise: None,
            });
        }
        let mut rest = places
            .iter()
            .filter(|place| !place.covered && !rescued.contains(&place.handler));
        let any = rest.clone().next().is_some();
        if any && rest.all(|place| !place.in_branch) && self.one_in(2) {
            let route = self.route(Stage::Handler("r0"));
            clauses.push(Clause {
                trigger: Trigger::Rescue(Vec::new()),
                route,
                otherwise: None,
            });
        }
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
            _ => Last::Ignore,
        };
        Route { stages, last }
    }

    fn arm(&mut self) -> Route {
        let mut route = Route {
            stages: Vec::new(),
            last: Last::Ignore,
        };
        if !self.one_in(3) {
            route.stages = self.chain(At {
                depth: 2,
                skips: false,
            });
            if self.has_output && self.rng.bool() {
                route.last = self.pick_end();
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
        match self.rng.u8(..13) {
            0 | 1 => {
                let branches = self.rng.usize(2..=3);
                let join = (0..branches).map(|_| self.chain(within(false))).collect();
                stages.push(Stage::Join(join));
                stages.push(handler(if branches == 2 { "j2" } else { "j3" }));
            }
            2 | 3 => {
                stages.push(handler("split"));
                let limit = self.pick(&[None, Some(1), Some(2)]);
                stages.push(Stage::Each(self.chain(within(true)), limit));
                stages.push(handler("gather"));
            }
            4 | 5 => {
                let inner = self.chain(within(at.skips));
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
                let branches = (0..branches).map(|_| self.chain(within(false))).collect();
                stages.push(Stage::First(branches));
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
        Some(Box::new(Stage::Handler(self.pick(names))))
    }
}

fn ends(route: &Route) -> bool {
    match &route.last {
        Last::End | Last::EndNow => true,
        Last::Match(arms) => arms.iter().any(ends),
        Last::Ignore => false,
    }
}

fn has_flow(stages: &[Stage]) -> bool {
    stages.iter().any(|stage| match stage {
        Stage::Handler(_) => false,
        Stage::Flow(_) => true,
        Stage::Join(several) | Stage::First(several) | Stage::Match(several) => {
            several.iter().any(|one| has_flow(one))
        }
        Stage::Each(stages, _) => has_flow(stages),
        Stage::Else(stages, stand_in) => {
            has_flow(stages)
                || stand_in
                    .as_deref()
                    .is_some_and(|one| has_flow(std::slice::from_ref(one)))
        }
    })
}

/// Where a handler or a flow stands.
struct Place {
    handler: &'static str,
    in_branch: bool,
    /// An `else` takes its failure.
    covered: bool,
}

fn places_of_route(route: &Route, places: &mut Vec<Place>) {
    places_of(&route.stages, false, false, places);
    if let Last::Match(arms) = &route.last {
        for arm in arms {
            places_of_route(arm, places);
        }
    }
}

fn places_of(stages: &[Stage], in_branch: bool, covered: bool, places: &mut Vec<Place>) {
    for stage in stages {
        match stage {
            Stage::Handler(handler) => places.push(Place {
                handler,
                in_branch,
                covered,
            }),
            Stage::Flow(_) => places.push(Place {
                handler: "",
                in_branch,
                covered,
            }),
            Stage::Join(branches) | Stage::First(branches) => {
                for branch in branches {
                    places_of(branch, true, covered, places);
                }
            }
            Stage::Each(stages, _) => places_of(stages, true, covered, places),
            Stage::Else(stages, stand_in) => {
                places_of(stages, in_branch, true, places);
                if let Some(stand_in) = stand_in {
                    places_of(std::slice::from_ref(stand_in), in_branch, covered, places);
                }
            }
            Stage::Match(arms) => {
                for arm in arms {
                    places_of(arm, in_branch, covered, places);
                }
            }
        }
    }
}
