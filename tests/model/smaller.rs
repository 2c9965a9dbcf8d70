//! Smaller flows than one: a clause, a stage, an `else` or a branch less, of the flow or of one
//! that is a stage of it.
//!
//! Not all of them compile: where a `rescue` may stand depends on more than this file looks at. The
//! kinds of stages that it does not name are removed as a whole.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::graph::{Clause, EVENTS, Graph, Last, QUESTION, Route, Stage, Trigger, has_word, used};

/// The source of the flow and of those within it.
pub(crate) fn text(graphs: &[Graph], index: usize) -> String {
    let used = used(graphs, index);
    let texts: Vec<_> = used.iter().map(|used| graphs[*used].text()).collect();
    texts.join("\n")
}

/// The length of that text, without what a flow ignores.
pub(crate) fn size(graphs: &[Graph], index: usize) -> usize {
    let text = text(graphs, index);
    let lines = text.lines().filter(|line| !line.starts_with("    ignore "));
    lines.map(str::len).sum()
}

/// The flows with one thing less in that with the index, or in one within it; the smallest first.
pub(crate) fn smaller(graphs: &[Graph], index: usize) -> Vec<Vec<Graph>> {
    let before = size(graphs, index);
    let mut seen = BTreeSet::new();
    for changed in used(graphs, index) {
        for graph in smaller_graphs(&graphs[changed]) {
            let graph = consistent(graph);
            let is_whole = changed == index || graph.has_output;
            if is_whole && can_compile(&graph) {
                let mut all = graphs.to_vec();
                all[changed] = graph;
                if !passes_on(&mut all, index) {
                    continue;
                }
                let size = size(&all, index);
                if size < before {
                    seen.insert(BySize(size, text(&all, index), all));
                }
            }
        }
    }
    seen.into_iter()
        .map(|BySize(_, _, graphs)| graphs)
        .collect()
}

/// Flows in the order of their sizes, and of their texts.
struct BySize(usize, String, Vec<Graph>);

impl BySize {
    fn key(&self) -> (usize, &str) {
        (self.0, &self.1)
    }
}

impl PartialEq for BySize {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for BySize {}

impl PartialOrd for BySize {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for BySize {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

/// Whether each flow declares what its stages take from outside, and it is no event that is
/// ignored. What nothing takes is not declared any more.
fn passes_on(graphs: &mut [Graph], index: usize) -> bool {
    for at in used(graphs, index) {
        let graph = &graphs[at];
        let passed = |event: &usize| !graph.stages_that_take(graphs, *event).is_empty();
        let mut externals = graph.externals.clone();
        externals.retain(|event| graph.takes(*event) || passed(event));
        let declares = |event| externals.contains(&event) || !passed(&event);
        let is_ignored = |event: &usize| *event <= QUESTION && !graph.takes(*event);
        if !(0..EVENTS.len()).all(declares) || externals.iter().any(is_ignored) {
            return false;
        }
        graphs[at].externals = externals;
    }
    true
}

/// Without what refers to something that is not there any more.
fn consistent(mut graph: Graph) -> Graph {
    let routes = graph.clauses.iter().map(Clause::text);
    let routes: Vec<_> = routes
        .map(|text| {
            text.split_once(" -> ")
                .map_or(text.clone(), |(_, route)| route.to_owned())
        })
        .collect();
    graph
        .clauses
        .retain_mut(|clause| match &mut clause.trigger {
            Trigger::Rescue(names) if !names.is_empty() => {
                names.retain(|name| routes.iter().any(|route| has_word(route, name)));
                !names.is_empty()
            }
            _ => true,
        });
    graph.has_output &= graph.clauses.iter().any(ends);
    graph.drain = graph.drain.filter(|_| graph.has_output);
    graph
}

/// Whether the compiler may accept it.
fn can_compile(graph: &Graph) -> bool {
    let clauses = &graph.clauses;
    let twice = |(at, clause): (usize, &Clause)| {
        let mut before = clauses[..at].iter();
        before.any(|other| other.trigger == clause.trigger || other.repeats(clause))
    };
    let routes = clauses
        .iter()
        .flat_map(|clause| std::iter::once(&clause.route).chain(&clause.otherwise));
    !clauses.iter().enumerate().any(twice) && !routes.clone().any(skips)
}

fn ends(clause: &Clause) -> bool {
    fn route_ends(route: &Route) -> bool {
        if let Last::Match(arms) = &route.last {
            return arms.iter().any(route_ends);
        }
        matches!(route.last, Last::End | Last::EndNow)
    }
    let mut routes = std::iter::once(&clause.route).chain(&clause.otherwise);
    routes.any(route_ends)
}

/// Whether there is a `skip` outside of an `each`.
fn skips(route: &Route) -> bool {
    fn in_stage(stage: &Stage) -> bool {
        match stage {
            Stage::Else(_, None) => true,
            Stage::Else(stages, Some(_)) => in_chain(stages),
            Stage::Match(arms) => arms.iter().any(|arm| arm.is_empty() || in_chain(arm)),
            Stage::Join(branches) | Stage::First(branches) => {
                branches.iter().any(|branch| in_chain(branch))
            }
            _ => false,
        }
    }
    fn in_chain(stages: &[Stage]) -> bool {
        stages.iter().any(in_stage)
    }
    let in_arms = match &route.last {
        Last::Match(arms) => arms.iter().any(skips),
        _ => false,
    };
    in_arms || in_chain(&route.stages)
}

fn smaller_graphs(graph: &Graph) -> Vec<Graph> {
    let clauses = &graph.clauses;
    let with = |clauses: Vec<Clause>| Graph {
        clauses,
        ..graph.clone()
    };
    let mut all = Vec::new();
    // `start` emits, so it stays.
    let only = |kept: &[usize]| {
        let kept = clauses
            .iter()
            .enumerate()
            .filter(|(at, _)| kept.contains(at));
        with(kept.map(|(_, clause)| clause.clone()).collect())
    };
    for one in 0..clauses.len() {
        for two in 0..clauses.len() {
            all.push(only(&[0, one, two]));
        }
        let others: Vec<_> = (0..clauses.len()).filter(|at| *at != one).collect();
        if one > 0 {
            all.push(only(&others));
        }
    }
    for at in 0..clauses.len() {
        for clause in smaller_clauses(&clauses[at]) {
            all.push(with(replaced(clauses, at, clause)));
        }
        // All the others at once.
        let others = clauses.iter().enumerate().map(|(other, clause)| {
            let mut clause = clause.clone();
            if other != at {
                clause.route = shortest(&clause.route);
                clause.otherwise = clause.otherwise.as_ref().map(shortest);
            }
            clause
        });
        all.push(with(others.collect()));
    }
    for limits in [(None, graph.drain), (graph.timeout, None), (None, None)] {
        let (timeout, drain) = limits;
        all.push(Graph {
            timeout,
            drain,
            ..graph.clone()
        });
    }
    all.push(Graph {
        concurrency: None,
        ..graph.clone()
    });
    all.push(Graph {
        idle: None,
        ..graph.clone()
    });
    for at in 0..graph.externals.len() {
        let mut graph = graph.clone();
        graph.externals.remove(at);
        all.push(graph);
    }
    all
}

fn replaced<T: Clone>(all: &[T], at: usize, with: T) -> Vec<T> {
    spliced(all, at, 1, vec![with])
}

fn spliced<T: Clone>(all: &[T], at: usize, len: usize, with: Vec<T>) -> Vec<T> {
    let mut all = all.to_vec();
    all.splice(at..at + len, with);
    all
}

/// The first stage, and the end if there is one.
fn shortest(route: &Route) -> Route {
    Route {
        stages: route.stages.iter().take(1).cloned().collect(),
        last: match &route.last {
            Last::Match(_) => Last::Ignore,
            last => last.clone(),
        },
    }
}

fn smaller_clauses(clause: &Clause) -> Vec<Clause> {
    let mut all = Vec::new();
    let triggers = match &clause.trigger {
        Trigger::Any(several) if several.len() > 1 => {
            let one = several.iter().map(|event| Trigger::Any(vec![*event]));
            one.collect()
        }
        Trigger::Rescue(names) if names.len() > 1 => {
            let one = names.iter().map(|name| Trigger::Rescue(vec![*name]));
            one.collect()
        }
        Trigger::Ask(within, every) => {
            vec![Trigger::Ask(None, *every), Trigger::Ask(*within, None)]
        }
        _ => Vec::new(),
    };
    all.extend(triggers.into_iter().map(|trigger| Clause {
        trigger,
        ..clause.clone()
    }));
    if let Trigger::If(event) = &clause.trigger {
        let trigger = Trigger::Any(vec![*event]);
        all.push(Clause {
            trigger,
            otherwise: None,
            ..clause.clone()
        });
    }
    if let Some(otherwise) = &clause.otherwise {
        let mut instead: Vec<_> = smaller_routes(otherwise).into_iter().map(Some).collect();
        instead.push(Some(nowhere()));
        if !matches!(clause.trigger, Trigger::If(_)) {
            instead.push(None);
        }
        all.extend(instead.into_iter().map(|otherwise| Clause {
            otherwise,
            ..clause.clone()
        }));
    }
    all.extend(
        smaller_routes(&clause.route)
            .into_iter()
            .map(|route| Clause {
                route,
                ..clause.clone()
            }),
    );
    all
}

fn nowhere() -> Route {
    Route {
        stages: Vec::new(),
        last: Last::Ignore,
    }
}

/// Routes that begin with the same stage.
fn smaller_routes(route: &Route) -> Vec<Route> {
    let Some((first, rest)) = route.stages.split_first() else {
        return Vec::new();
    };
    let mut all = vec![shortest(route)];
    let with = |rest: &[Stage], last: &Last| Route {
        stages: [std::slice::from_ref(first), rest].concat(),
        last: last.clone(),
    };
    let Last::Match(arms) = &route.last else {
        if !matches!(route.last, Last::Ignore) {
            all.push(with(rest, &Last::Ignore));
        }
        all.extend(
            chains(rest, true)
                .iter()
                .map(|rest| with(rest, &route.last)),
        );
        return all;
    };
    let Some((choose, rest)) = rest.split_last() else {
        return all;
    };
    all.push(with(rest, &Last::Ignore));
    for (at, arm) in arms.iter().enumerate() {
        all.push(with(&[rest, &arm.stages[..]].concat(), &arm.last));
        for arm in smaller_arms(arm) {
            let last = Last::Match(replaced(arms, at, arm));
            all.push(with(&[rest, std::slice::from_ref(choose)].concat(), &last));
        }
    }
    for rest in chains(rest, true) {
        let rest = [&rest[..], std::slice::from_ref(choose)].concat();
        all.push(with(&rest, &route.last));
    }
    all
}

fn smaller_arms(arm: &Route) -> Vec<Route> {
    let mut all = vec![nowhere()];
    if !matches!(arm.last, Last::Ignore | Last::Match(_)) {
        all.push(Route {
            last: Last::Ignore,
            ..arm.clone()
        });
    }
    if !matches!(arm.last, Last::Match(_)) {
        all.extend(chains(&arm.stages, false).into_iter().map(|stages| Route {
            stages,
            last: arm.last.clone(),
        }));
    }
    all
}

/// Chains that take a value and return one, as this one does.
fn chains(stages: &[Stage], may_be_empty: bool) -> Vec<Vec<Stage>> {
    let mut all = Vec::new();
    let mut at = 0;
    while at < stages.len() {
        let len = unit(&stages[at..]);
        let mut instead = whole(&stages[at..at + len]);
        if may_be_empty || stages.len() > len {
            instead.push(Vec::new());
        }
        all.extend(
            instead
                .into_iter()
                .map(|with| spliced(stages, at, len, with)),
        );
        at += len;
    }
    all
}

/// How many stages belong together, since the value between them is of another type.
fn unit(stages: &[Stage]) -> usize {
    match stages {
        [
            Stage::Handler("split"),
            Stage::Each(..),
            Stage::Handler("gather"),
            ..,
        ] => 3,
        [Stage::Handler("choose"), Stage::Match(_), ..]
        | [Stage::Join(_), Stage::Handler(_), ..] => 2,
        _ => 1,
    }
}

/// What can take the place of stages that belong together.
fn whole(stages: &[Stage]) -> Vec<Vec<Stage>> {
    let simple = vec![Stage::Handler("v0")];
    let mut all = match stages {
        [Stage::Handler(_)] => Vec::new(),
        _ => vec![simple],
    };
    match stages {
        [split, Stage::Each(inner, limit), gather] => {
            let with = |each| vec![split.clone(), each, gather.clone()];
            all.push(inner.clone());
            if limit.is_some() {
                all.push(with(Stage::Each(inner.clone(), None)));
            }
            let inner = chains(inner, false).into_iter();
            all.extend(inner.map(|inner| with(Stage::Each(inner, *limit))));
        }
        [choose, Stage::Match(arms)] => {
            all.extend(arms.iter().filter(|arm| !arm.is_empty()).cloned());
            let arms = one_smaller(arms).into_iter();
            all.extend(arms.map(|arms| vec![choose.clone(), Stage::Match(arms)]));
        }
        [Stage::Join(branches), meet] => {
            all.extend(branches.iter().cloned());
            if branches.len() > 2 {
                let fewer = fewer(branches).into_iter();
                all.extend(fewer.map(|two| vec![Stage::Join(two), Stage::Handler("j2")]));
            }
            let branches = one_smaller(branches).into_iter();
            all.extend(branches.map(|all| vec![Stage::Join(all), meet.clone()]));
        }
        [Stage::First(branches)] => {
            all.extend(branches.iter().cloned());
            if branches.len() > 2 {
                all.extend(
                    fewer(branches)
                        .into_iter()
                        .map(|two| vec![Stage::First(two)]),
                );
            }
            let branches = one_smaller(branches).into_iter();
            all.extend(branches.map(|all| vec![Stage::First(all)]));
        }
        [Stage::Else(inner, stand_in)] => {
            all.push(inner.clone());
            let inner = chains(inner, false).into_iter();
            all.extend(inner.map(|inner| vec![Stage::Else(inner, stand_in.clone())]));
        }
        _ => {}
    }
    all
}

/// With one of the chains smaller. An empty one is a `skip`, and stays.
fn one_smaller(several: &[Vec<Stage>]) -> Vec<Vec<Vec<Stage>>> {
    let of = |(at, one): (usize, &Vec<Stage>)| {
        let smaller = chains(one, false).into_iter();
        let all = smaller.map(|one| replaced(several, at, one));
        all.collect::<Vec<_>>()
    };
    several.iter().enumerate().flat_map(of).collect()
}

fn fewer(several: &[Vec<Stage>]) -> Vec<Vec<Vec<Stage>>> {
    let without = |at| spliced(several, at, 1, Vec::new());
    (0..several.len()).map(without).collect()
}
