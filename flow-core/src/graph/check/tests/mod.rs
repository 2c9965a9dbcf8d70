//! Small graphs, and the defects that the checks find in them.

use crate::graph::check::defects::NONE;
use crate::graph::check::{Analysis, dead_wait, unhandled_event, unhandled_events};
use crate::graph::desc::{ClauseDesc, GraphDesc, HandlerDesc, StageDesc, TriggerDesc};
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

const fn handler(name: &'static str, emits: &'static [EventDesc]) -> HandlerDesc {
    HandlerDesc::new(name, "", HERE, &[], emits, false)
}

macro_rules! clause {
    ($trigger:expr, $name:literal, [$($emits:expr),*]) => {
        straight(
            $trigger,
            &[handler($name, &[$($emits),*])],
            &[StageDesc::Handler(handler($name, &[$($emits),*]))],
        )
    };
}

const START: TriggerDesc = TriggerDesc::Start;

const fn when(event: EventDesc) -> TriggerDesc {
    TriggerDesc::Event(event)
}

const fn graph(clauses: &'static [ClauseDesc]) -> GraphDesc {
    GraphDesc::new("", "", HERE).wiring(clauses, &[], &[])
}

/// A defect of a graph: its kind, and the handler that emits or the event that a clause waits for.
type Found = (u8, &'static str);

/// The defects of all clauses of a graph, whose clauses have one handler each.
fn defects<const N: usize, const W: usize>(graph: &GraphDesc) -> Vec<Found> {
    let analysis = Analysis::<N, W>::new(graph);
    // All clauses name an event by the same path.
    let groups = [0; W];
    let (mut unheard, mut dead) = (Vec::new(), Vec::new());
    let mut wait = 0;
    for (index, clause) in graph.clauses.iter().enumerate() {
        let several = unhandled_events(graph, &analysis, index, 0);
        let several = (1..=6).filter(|number| several >> (number - 1) & 1 == 1);
        for unhandled in several.chain([unhandled_event(graph, &analysis, index, 0)]) {
            unheard.push((index, unhandled, clause.handlers[0].name));
        }
        for (part, event) in clause.trigger.events().iter().enumerate() {
            let kind = dead_wait(graph, &analysis, &groups, wait, part);
            dead.push((index, kind, event.name));
            wait += 1;
        }
    }
    unheard.retain(|(_, kind, _)| *kind != NONE);
    dead.retain(|(_, kind, _)| *kind != NONE);
    // Where these say so, `flow!` does not ask for each place.
    assert!(unheard.is_empty() || !analysis.all_heard());
    assert!(dead.is_empty() || !analysis.all_alive(&groups));
    let mut defects = unheard;
    defects.extend(dead);
    defects.sort_by_key(|(clause, ..)| *clause);
    let defects = defects.into_iter();
    defects.map(|(_, kind, name)| (kind, name)).collect()
}

const fn straight(
    trigger: TriggerDesc,
    handlers: &'static [HandlerDesc],
    route: &'static [StageDesc],
) -> ClauseDesc {
    ClauseDesc::new(trigger, route, handlers, HERE)
}

/// Handlers that emit nothing.
const IDLE: &[HandlerDesc] = &[handler("idle", &[])];

/// A call emits the one event of the handler.
const ALWAYS: &[Alternative] = &[Alternative::new(&[Count::exactly(1)])];
/// A call may emit the events of the handler.
const MAYBE: &[Alternative] = &[Alternative::new(&[Count::ANY, Count::ANY])];

/// `when E -> handler`, which always emits.
macro_rules! at_once {
    ($trigger:expr, $name:literal, $emits:expr) => {
        straight(
            $trigger,
            &[handler($name, &[$emits]).success(ALWAYS)],
            &[StageDesc::Handler(
                handler($name, &[$emits]).success(ALWAYS),
            )],
        )
    };
}

/// `start -> begin`, which emits `A` and cannot end anything.
const BEGIN: ClauseDesc = straight(START, &[handler("begin", &[A]).success(MAYBE)], &[]);

// After the macros that they use.
mod endless;
mod overlong;
mod partners;
mod unhandled;
