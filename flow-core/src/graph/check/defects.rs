//! One function for each place that may have a defect. It returns the kind of the defect, or
//! [`NONE`].

use crate::graph::check::analysis::Analysis;
use crate::graph::check::compare::{contains, emits};
use crate::graph::check::outlives::never_returns;
use crate::graph::check::reach::takes_any;
use crate::graph::desc::HandlerDesc;
use crate::graph::desc::{GraphDesc, TriggerDesc};
use crate::graph::event::EventDesc;
use crate::graph::text::same_text;

/// The flow does not have the defect. The other kinds count from 1 at each place.
pub(crate) const NONE: u8 = 0;

/// At an event that a clause waits for: no handler emits it.
pub(crate) const NEVER_EMITTED: u8 = 1;
/// Nothing leads to a handler that emits it.
pub(crate) const NEVER_REACHED: u8 = 2;
/// The clause is the first of an endless cycle.
pub(crate) const ENDLESS: u8 = 3;
/// Another clause names the event by another path.
pub(crate) const SPELLED_TWICE: u8 = 4;
/// The clause is the first of a cycle that goes on after the `end`.
pub(crate) const OUTLIVES_THE_END: u8 = 6;
/// At a handler: it never returns, and the execution waits for it after its `end`.
pub(crate) const NEVER_OVER: u8 = 2;
/// It is a question that no clause and no stage asks.
pub(crate) const NEVER_ASKED: u8 = 7;
/// No handler emits it, but one emits another event of this name that no clause takes.
pub(crate) const NAMESAKE: u8 = 5;

/// At a declared event: no clause takes it, or for `ignore`, no handler emits it.
pub(crate) const NO_EFFECT: u8 = 1;
/// It is `external` and `ignore`, or `ignore` and taken.
pub(crate) const CONTRADICTED: u8 = 2;

/// At a `rescue` or an `else`: its handler cannot fail.
pub(crate) const INFALLIBLE: u8 = 1;
/// No handler is left that can fail.
pub(crate) const NOTHING_TO_RESCUE: u8 = 2;

/// Its handler returns a `Result`, but its error has no values.
pub(crate) const NO_ERROR: u8 = 3;

/// At any place that has one defect alone.
pub(crate) const DEFECT: u8 = 1;

/// How many events of a handler one error can name: the first ones that it declares.
const NAMED: u8 = 6;

/// A handler emits events that no clause takes: a bit for each, or 0 if there are fewer than two
/// that one error can name. An event is left out if a clause waits in vain for another one of its
/// name, because that is the word to change.
#[must_use]
pub const fn unhandled_events<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
    clause: usize,
    handler: usize,
) -> u8 {
    let emits = graph.clauses[clause].handlers[handler].emits;
    let mut set: u8 = 0;
    let mut skipped = 0;
    let mut next = unhandled(graph, analysis, emits, 0);
    while next != NONE && next <= NAMED {
        set |= 1 << (next - 1);
        skipped += 1;
        next = unhandled(graph, analysis, emits, skipped);
    }
    if set.count_ones() < 2 { 0 } else { set }
}

/// A handler emits an event that no clause takes, besides those in [`unhandled_events`]: the number
/// of the event, counted from 1.
#[must_use]
pub const fn unhandled_event<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
    clause: usize,
    handler: usize,
) -> u8 {
    let emits = graph.clauses[clause].handlers[handler].emits;
    let named = unhandled_events(graph, analysis, clause, handler);
    unhandled(graph, analysis, emits, named.count_ones() as usize)
}

const fn unhandled<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
    emits: &[EventDesc],
    skipped: usize,
) -> u8 {
    if !analysis.connections.open || analysis.connections.broken {
        return NONE;
    }
    let mut found = 0;
    let mut i = 0;
    while i < emits.len() && i + 1 < u8::MAX as usize {
        if is_unhandled(graph, analysis, emits[i]) && !has_namesake(graph, analysis, emits[i]) {
            if found == skipped {
                #[allow(clippy::cast_possible_truncation, reason = "less than `u8::MAX`")]
                return i as u8 + 1;
            }
            found += 1;
        }
        i += 1;
    }
    NONE
}

/// As [`unhandled_event`], for the `emit` with this number in its clause: the number of one event,
/// with `skipped` others before it.
#[must_use]
pub const fn unhandled_emit<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
    clause: usize,
    emit: usize,
    skipped: usize,
) -> u8 {
    unhandled(graph, analysis, graph.clauses[clause].emits[emit], skipped)
}

/// Whether a clause waits for another event of this name, which no handler emits.
const fn has_namesake<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
    event: EventDesc,
) -> bool {
    let mut wait = 0;
    let mut clause = 0;
    while clause < N {
        let events = graph.clauses[clause].trigger.events();
        let mut e = 0;
        while e < events.len() {
            if !analysis.connections.waits[wait].has_source && same_text(events[e].name, event.name)
            {
                return true;
            }
            wait += 1;
            e += 1;
        }
        clause += 1;
    }
    false
}

/// Whether a handler emits another event of the name of this one, which no handler emits, and no
/// clause takes the other.
const fn is_namesake<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
    event: EventDesc,
) -> bool {
    let mut clause = 0;
    while clause < N {
        let handlers = graph.clauses[clause].handlers;
        let mut h = 0;
        while h < handlers.len() {
            let emits = handlers[h].emits;
            let mut e = 0;
            while e < emits.len() {
                if same_text(emits[e].name, event.name) && is_unhandled(graph, analysis, emits[e]) {
                    return true;
                }
                e += 1;
            }
            h += 1;
        }
        let stages = graph.clauses[clause].emits;
        let mut s = 0;
        while s < stages.len() {
            let mut e = 0;
            while e < stages[s].len() {
                let emitted = stages[s][e];
                if same_text(emitted.name, event.name) && is_unhandled(graph, analysis, emitted) {
                    return true;
                }
                e += 1;
            }
            s += 1;
        }
        clause += 1;
    }
    false
}

const fn is_unhandled<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
    event: EventDesc,
) -> bool {
    analysis.connections.first(event.id) == W && !contains(graph.ignored, event)
}

/// A clause may never run, or never end, at its event number `part`, which is the wait number
/// `wait` of the flow. `groups` has the same number for all waits that name their event by the same
/// path.
///
/// The defects are one function because each call in a `const` costs rustc as much as a small
/// function.
#[must_use]
pub const fn dead_wait<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
    groups: &[usize],
    wait: usize,
    part: usize,
) -> u8 {
    let connections = &analysis.connections;
    let clause = connections.waits[wait].clause;
    let event = graph.clauses[clause].trigger.events()[part];
    if connections.open
        && !connections.broken
        && !connections.waits[wait].has_source
        && is_namesake(graph, analysis, event)
    {
        return NAMESAKE;
    }
    if !connections.open && !connections.broken {
        if !connections.waits[wait].has_source {
            return NEVER_EMITTED;
        }
        if connections.unreached[clause] {
            if part == first_missing(graph, analysis, clause, wait - part) {
                return NEVER_REACHED;
            }
        } else if part == 0 && analysis.endless.never_yields[clause] {
            return ENDLESS;
        } else if part == 0 && analysis.endless.outlives_the_end[clause] {
            return OUTLIVES_THE_END;
        } else if event.is_question && is_first_of_never_asked(graph, analysis, wait) {
            return NEVER_ASKED;
        }
    }
    if is_spelled_twice(analysis, groups, wait, event) {
        return SPELLED_TWICE;
    }
    NONE
}

/// The handler never returns, and the execution waits for it after its `end`; else the kind of
/// another defect of it.
#[must_use]
pub const fn never_over<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
    clause: usize,
    handler: usize,
    otherwise: u8,
) -> u8 {
    if analysis.outlive[clause] && never_returns(&graph.clauses[clause].handlers[handler]) {
        NEVER_OVER
    } else {
        otherwise
    }
}

/// Whether the wait is the first for a question that nothing asks in the flow.
const fn is_first_of_never_asked<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
    wait: usize,
) -> bool {
    let question = analysis.connections.waits[wait].event;
    analysis.connections.first(question) == wait
        && !graph.takes_from_outside(question)
        && !graph.asks_anywhere(question)
}

/// The first event of an unreached clause that does not arrive. `first` is its first wait.
const fn first_missing<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
    clause: usize,
    first: usize,
) -> usize {
    let events = graph.clauses[clause].trigger.events();
    let mut e = 0;
    while e + 1 < events.len()
        && (analysis.connections.waits[first + e].external
            || analysis.connections.arrives(graph, events[e]))
    {
        e += 1;
    }
    e
}

/// A flow declares an output, but no clause leads to `end`. (A clause that does, but is never
/// reached, is a defect of its own.)
#[must_use]
pub const fn output_without_end<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
) -> u8 {
    if graph.output.is_none() || analysis.connections.open || analysis.connections.broken {
        return NONE;
    }
    let mut i = 0;
    while i < N {
        if graph.clauses[i].ends {
            return NONE;
        }
        i += 1;
    }
    DEFECT
}

/// An event is declared `external`, but neither a clause takes it nor a stage.
#[must_use]
pub const fn unused_external<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
    index: usize,
) -> u8 {
    let event = graph.external[index];
    if analysis.connections.first(event.id) < W || graph.passes_on(event.id) {
        NONE
    } else if contains(graph.ignored, event) {
        CONTRADICTED
    } else {
        NO_EFFECT
    }
}

/// An event is declared `ignore`, but a clause takes it, or no handler emits it.
#[must_use]
pub const fn unused_ignore<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
    index: usize,
) -> u8 {
    let event = graph.ignored[index];
    if analysis.connections.first(event.id) < W {
        return CONTRADICTED;
    }
    let from_outside = contains(graph.external, event);
    if analysis.connections.broken
        || from_outside
        || is_emitted(graph, event)
        || undeclared(graph, event)
    {
        return NONE;
    }
    NO_EFFECT
}

/// A rescue is for a handler that cannot fail, or for all where none is left that can.
#[must_use]
pub const fn infallible_rescue(graph: &GraphDesc, clause: usize) -> u8 {
    match graph.clauses[clause].trigger {
        TriggerDesc::Rescue(Some(handler)) if !handler.can_fail => unfailing(&handler),
        TriggerDesc::Rescue(None) if !takes_any(graph, None) => NOTHING_TO_RESCUE,
        _ => NONE,
    }
}

/// `rescue -> …` takes an error of the handler, which is in a join or an `each`.
#[must_use]
pub const fn rescued_beside_others(handler: &HandlerDesc) -> u8 {
    if handler.can_fail { DEFECT } else { NONE }
}

/// An `else` is behind handlers of which none can fail.
#[must_use]
pub const fn needless_else(before: &[HandlerDesc], is_chain: bool) -> u8 {
    let mut i = 0;
    while i < before.len() {
        if before[i].can_fail || before[i].broken {
            return NONE;
        }
        i += 1;
    }
    match before {
        [handler] if !is_chain => unfailing(handler),
        _ => NOTHING_TO_RESCUE,
    }
}

/// Why the handler cannot fail.
const fn unfailing(handler: &HandlerDesc) -> u8 {
    if handler.returns_result {
        NO_ERROR
    } else {
        INFALLIBLE
    }
}

/// A resource or a state is declared, but no handler takes it.
#[must_use]
pub const fn unused_type<const N: usize, const W: usize>(
    analysis: &Analysis<N, W>,
    taken: bool,
) -> u8 {
    if taken || analysis.connections.broken {
        NONE
    } else {
        DEFECT
    }
}

/// Two clauses name one event by different paths. `flow!` delivers an event to the clauses that use
/// one path. The defect is at the first wait of each further group.
const fn is_spelled_twice<const N: usize, const W: usize>(
    analysis: &Analysis<N, W>,
    groups: &[usize],
    wait: usize,
    event: EventDesc,
) -> bool {
    let first = analysis.connections.first(event.id);
    let mut other = first;
    while other < wait {
        if groups[other] == groups[wait] {
            return false;
        }
        other = analysis.connections.waits[other].next;
    }
    first != wait
}

/// Whether a handler emits an event of this name without declaring it, which rustc reports there.
const fn undeclared(graph: &GraphDesc, event: EventDesc) -> bool {
    let mut i = 0;
    while i < graph.clauses.len() {
        let handlers = graph.clauses[i].handlers;
        let mut h = 0;
        while h < handlers.len() {
            let names = handlers[h].undeclared;
            let mut n = 0;
            while n < names.len() {
                if same_text(names[n], event.name) {
                    return true;
                }
                n += 1;
            }
            h += 1;
        }
        i += 1;
    }
    false
}

/// Whether a handler of the flow emits the event.
const fn is_emitted(graph: &GraphDesc, event: EventDesc) -> bool {
    let mut i = 0;
    while i < graph.clauses.len() {
        if emits(&graph.clauses[i], event) {
            return true;
        }
        i += 1;
    }
    false
}
