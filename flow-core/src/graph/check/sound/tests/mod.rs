//! Small graphs, and what is missing for their proofs.

mod called_again;
mod first_findings;
mod left_over;
mod lost_updates;
mod stops_short;

use super::{Finding, findings};
use crate::graph::desc::{ArmDesc, ClauseDesc, GraphDesc, HandlerDesc, StageDesc, TriggerDesc};
use crate::graph::event::EventDesc;
use crate::graph::location::Location;
use crate::graph::shape::{Alternative, Count};

const HERE: Location = Location::new("", 0, 0);

const fn event(name: &'static str) -> EventDesc {
    EventDesc::new(name, "", name, HERE)
}

const A: EventDesc = event("A");
const B: EventDesc = event("B");
const C: EventDesc = event("C");
const D: EventDesc = event("D");
const BOTH: TriggerDesc = TriggerDesc::All(&[A, B]);
const CLAUSE: usize = Finding::CLAUSE;
/// It may be called again, or not.
const YES: u8 = 1;
const NO: u8 = 0;
const START: TriggerDesc = TriggerDesc::Start;
const WHEN_A: TriggerDesc = TriggerDesc::Event(A);
const WHEN_B: TriggerDesc = TriggerDesc::Event(B);
const NONE: Count = Count::exactly(0);
const ONE: Count = Count::exactly(1);
const TWO: Count = Count::exactly(2);
const THREE: Count = Count::exactly(3);
const SIX: Count = Count::exactly(6);

fn leak<T>(items: Vec<T>) -> &'static [T] {
    Box::leak(items.into_boxed_slice())
}

/// A handler that may go these ways.
fn handler(name: &'static str, emits: &[EventDesc], ways: &[&'static [Count]]) -> HandlerDesc {
    let ways = ways.iter().map(|way| Alternative::new(way)).collect();
    HandlerDesc::new(name, "", HERE, &[], leak(emits.to_vec()), false).success(leak(ways))
}

/// A handler that emits nothing.
fn quiet(name: &'static str) -> HandlerDesc {
    handler(name, &[], &[&[]])
}

/// A handler that emits one of each.
fn emits(name: &'static str, events: &[EventDesc]) -> HandlerDesc {
    handler(name, events, &[leak(vec![ONE; events.len()])])
}

fn clause(trigger: TriggerDesc, stages: impl IntoIterator<Item = StageDesc>) -> ClauseDesc {
    let route = leak(stages.into_iter().collect());
    let mut handlers = Vec::new();
    collect(route, &mut handlers);
    ClauseDesc::new(trigger, route, leak(handlers), HERE)
}

fn collect(route: &[StageDesc], handlers: &mut Vec<HandlerDesc>) {
    for stage in route {
        match stage {
            Handler(handler) => handlers.push(*handler),
            StageDesc::Join(routes) | StageDesc::First(routes) => {
                routes.iter().for_each(|route| collect(route, handlers));
            }
            StageDesc::Choice(arms) => arms.iter().for_each(|arm| collect(arm.route, handlers)),
            StageDesc::Each { route, .. } => collect(route, handlers),
            StageDesc::Else { route, stand_in } => {
                collect(route, handlers);
                collect(stand_in, handlers);
            }
            _ => {}
        }
    }
}

use StageDesc::{End, Handler};

fn choice(arms: impl IntoIterator<Item = Vec<StageDesc>>) -> StageDesc {
    let arms = arms.into_iter().map(|route| ArmDesc::new("", leak(route)));
    StageDesc::Choice(leak(arms.collect()))
}

fn join(branches: impl IntoIterator<Item = Vec<StageDesc>>) -> StageDesc {
    StageDesc::Join(leak(branches.into_iter().map(leak).collect()))
}

fn each(route: Vec<StageDesc>) -> StageDesc {
    StageDesc::Each {
        route: leak(route),
        limit: None,
    }
}

/// A flow with an output.
fn flow(clauses: impl IntoIterator<Item = ClauseDesc>) -> GraphDesc {
    let clauses = leak(clauses.into_iter().collect());
    let graph = GraphDesc::new("", "", HERE).types("()", Some("u32"), "String");
    graph.wiring(clauses, &[], &[])
}

/// The kinds of the findings, with their clauses and handlers.
fn found(graph: &GraphDesc) -> Vec<(u8, usize, usize)> {
    let all = findings(graph);
    let short = |found: &Finding| (found.kind, found.clause, found.handler);
    all.iter().map(short).collect()
}

/// A flow without an output.
fn without_output(clauses: impl IntoIterator<Item = ClauseDesc>) -> GraphDesc {
    GraphDesc {
        output: None,
        ..flow(clauses)
    }
}

fn when(event: EventDesc, stages: impl IntoIterator<Item = StageDesc>) -> ClauseDesc {
    clause(TriggerDesc::Event(event), stages)
}

fn done(trigger: TriggerDesc) -> ClauseDesc {
    clause(trigger, [Handler(quiet("done")), End])
}

fn a_and_b() -> StageDesc {
    join([
        vec![Handler(emits("a", &[A]))],
        vec![Handler(emits("b", &[B]))],
    ])
}
