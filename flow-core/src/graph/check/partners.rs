//! Partners that exclude each other: a clause waits for two events, and an execution emits one of
//! them at most.
//!
//! That is certain if both come from the same call of a handler, which emits either, or from what
//! such events lead to. The call has to be the only one in the execution.

use crate::graph::check::analysis::Analysis;
use crate::graph::check::defects::{DEFECT, NONE};
use crate::graph::desc::{GraphDesc, HandlerDesc, StageDesc, TriggerDesc};
use crate::graph::event::EventDesc;
use crate::graph::shape::Alternative;

/// The only place in a flow that emits an event.
#[derive(Clone, Copy)]
struct Source {
    clause: usize,
    /// Its index in the clause.
    handler: usize,
    /// The event's index in the `emits` of the handler.
    event: usize,
}

/// A clause waits for two events that exclude each other: those with these numbers.
#[must_use]
pub const fn excluded_partners<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
    clause: usize,
    one: usize,
    other: usize,
) -> u8 {
    let connections = &analysis.connections;
    if connections.open || connections.broken || !connections.reached[clause] {
        return NONE;
    }
    let events = graph.clauses[clause].trigger.events();
    if exclude_each_other::<N>(graph, events[one], events[other]) {
        DEFECT
    } else {
        NONE
    }
}

/// Whether an execution emits only one of the two. Each is followed back to what leads to it.
const fn exclude_each_other<const N: usize>(
    graph: &GraphDesc,
    one: EventDesc,
    other: EventDesc,
) -> bool {
    let (ones, others) = (sources::<N>(graph, one), sources::<N>(graph, other));
    let mut i = 0;
    while i < N {
        let mut j = 0;
        while j < N {
            if let (Some(one), Some(other)) = (ones[i], others[j])
                && one.clause == other.clause
                && one.handler == other.handler
                && one.event != other.event
                && emits_either(graph, one, other.event)
            {
                return true;
            }
            if others[j].is_none() {
                break;
            }
            j += 1;
        }
        if ones[i].is_none() {
            break;
        }
        i += 1;
    }
    false
}

/// Where the event comes from, where the event comes from that leads there, and so on.
const fn sources<const N: usize>(graph: &GraphDesc, event: EventDesc) -> [Option<Source>; N] {
    let mut all = [None; N];
    let mut next = source(graph, event.id);
    let mut i = 0;
    while i < N {
        let Some(place) = next else {
            return all;
        };
        all[i] = Some(place);
        next = before(graph, place);
        i += 1;
    }
    all
}

/// Where the event comes from that leads to the place, if from one place alone.
const fn before(graph: &GraphDesc, place: Source) -> Option<Source> {
    match &graph.clauses[place.clause].trigger {
        TriggerDesc::Event(event) => source(graph, event.id),
        _ => None,
    }
}

/// The only place that emits the event; `None` if it also comes from elsewhere.
const fn source(graph: &GraphDesc, event: u64) -> Option<Source> {
    let mut external = graph.external;
    while let Some((declared, rest)) = external.split_first() {
        if declared.id == event {
            return None;
        }
        external = rest;
    }
    let mut found = None;
    let mut clause = 0;
    while clause < graph.clauses.len() {
        if returns(graph.clauses[clause].emits, event) {
            return None;
        }
        let handlers = graph.clauses[clause].handlers;
        let mut handler = 0;
        while handler < handlers.len() {
            if !handlers[handler].undeclared.is_empty() {
                return None;
            }
            let emits = handlers[handler].emits;
            let mut index = 0;
            while index < emits.len() {
                if emits[index].id == event {
                    if found.is_some() {
                        return None;
                    }
                    found = Some(Source {
                        clause,
                        handler,
                        event: index,
                    });
                }
                index += 1;
            }
            handler += 1;
        }
        clause += 1;
    }
    found
}

/// Whether an `emit` of the clause emits the event.
const fn returns(mut emits: &[&[EventDesc]], event: u64) -> bool {
    while let Some((events, rest)) = emits.split_first() {
        let mut events = *events;
        while let Some((one, others)) = events.split_first() {
            if one.id == event {
                return true;
            }
            events = others;
        }
        emits = rest;
    }
    false
}

/// Whether the handler there is called once at most, and emits either event or the other.
const fn emits_either(graph: &GraphDesc, one: Source, other: usize) -> bool {
    let handler = &graph.clauses[one.clause].handlers[one.handler];
    // A further attempt may go another way.
    handler.attempts == 1
        && either(handler.shape.success, one.event, other)
        && either(handler.shape.failure, one.event, other)
        && runs_once(graph, one.clause, 0)
}

const fn either(mut alternatives: &[Alternative], one: usize, other: usize) -> bool {
    while let Some((alternative, rest)) = alternatives.split_first() {
        if alternative.count(one).may_be_any() && alternative.count(other).may_be_any() {
            return false;
        }
        alternatives = rest;
    }
    true
}

/// Whether each handler of the clause is called once at most in an execution. `steps` are those back
/// from the first clause that was asked for.
const fn runs_once(graph: &GraphDesc, clause: usize, steps: usize) -> bool {
    let clause = &graph.clauses[clause];
    if repeats(clause.route) {
        return false;
    }
    match &clause.trigger {
        TriggerDesc::Start => true,
        TriggerDesc::Event(event) if steps < graph.clauses.len() => match source(graph, event.id) {
            Some(place) => {
                let handler = &graph.clauses[place.clause].handlers[place.handler];
                emits_one(handler, place.event) && runs_once(graph, place.clause, steps + 1)
            }
            None => false,
        },
        _ => false,
    }
}

/// Whether a call emits the event once at most.
const fn emits_one(handler: &HandlerDesc, event: usize) -> bool {
    handler.attempts == 1
        && at_most_one(handler.shape.success, event)
        && at_most_one(handler.shape.failure, event)
}

const fn at_most_one(mut alternatives: &[Alternative], event: usize) -> bool {
    while let Some((alternative, rest)) = alternatives.split_first() {
        if !matches!(alternative.count(event).most, Some(0 | 1)) {
            return false;
        }
        alternatives = rest;
    }
    true
}

/// Whether a part of the route may run more than once.
const fn repeats(mut route: &[StageDesc]) -> bool {
    while let Some((stage, rest)) = route.split_first() {
        let repeats = match stage {
            StageDesc::Each { .. } => true,
            StageDesc::Join(branches) | StageDesc::First(branches) => {
                let mut branches = *branches;
                let mut any = false;
                while let Some((branch, rest)) = branches.split_first() {
                    any |= repeats(branch);
                    branches = rest;
                }
                any
            }
            StageDesc::Choice(arms) => {
                let mut arms = *arms;
                let mut any = false;
                while let Some((arm, rest)) = arms.split_first() {
                    any |= repeats(arm.route);
                    arms = rest;
                }
                any
            }
            StageDesc::Else { route, stand_in } => repeats(route) || repeats(stand_in),
            StageDesc::Handler(_)
            | StageDesc::Closure(_)
            | StageDesc::Emit { .. }
            | StageDesc::End
            | StageDesc::EndNow
            | StageDesc::Ignore
            | StageDesc::Skip
            | StageDesc::Ask { .. } => false,
        };
        if repeats {
            return true;
        }
        route = rest;
    }
    false
}
