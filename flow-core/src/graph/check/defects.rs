//! One function for each defect. It returns the message if the flow has the defect.

use crate::graph::check::analysis::Analysis;
use crate::graph::check::compare::{contains, emitter_in};
use crate::graph::desc::HandlerDesc;
use crate::graph::desc::{ClauseDesc, GraphDesc, StageDesc, TriggerDesc};
use crate::graph::event::EventDesc;
use crate::graph::text::{Text, same_text};

/// Appends `when E`, `when A & B` or `ask E`.
const fn with_trigger(mut text: Text, clause: &ClauseDesc) -> Text {
    let events = clause.trigger.events();
    text = text.with(match clause.route {
        [StageDesc::Ask { .. }] => "ask ",
        _ => "when ",
    });
    let mut e = 0;
    while e < events.len() {
        if e > 0 {
            text = text.with(" & ");
        }
        text = text.with(events[e].name);
        e += 1;
    }
    text
}

/// A handler emits an event that no clause takes.
#[must_use]
pub const fn unhandled_event<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
    clause: usize,
    handler: usize,
) -> Option<Text> {
    if !analysis.connections.open || analysis.connections.broken {
        return None;
    }
    let handler = graph.clauses[clause].handlers[handler];
    let mut emitted = Text::new();
    let mut clauses = Text::new();
    let mut ignored = Text::new();
    let mut found = false;
    let mut i = 0;
    while i < handler.emits.len() {
        let event = handler.emits[i];
        if analysis.connections.first(event.id) == W && !contains(graph.ignored, event) {
            if found {
                emitted = emitted.with(" and ");
                clauses = clauses.with(" and ");
                ignored = ignored.with(" ");
            }
            emitted = emitted.with("`").with(event.name).with("`");
            clauses = clauses.with("`when ").with(event.name).with(" -> …`");
            ignored = ignored.with("ignore ").with(event.name).with(";");
            found = true;
        }
        i += 1;
    }
    if !found {
        return None;
    }
    let text = Text::new()
        .with("`")
        .with(handler.name)
        .with("` emits ")
        .with(emitted.as_str())
        .with(", which no clause takes: add ")
        .with(clauses.as_str())
        .with(", or declare `")
        .with(ignored.as_str())
        .with("`");
    Some(note_waiting(graph, analysis, text))
}

/// Adds the clauses whose events no handler emits, perhaps because of the missing clause.
const fn note_waiting<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
    mut text: Text,
) -> Text {
    let (mut w, mut clause) = (0, 0);
    while clause < N {
        let trigger = &graph.clauses[clause].trigger;
        let events = trigger.events();
        let mut e = 0;
        while e < events.len() {
            if !analysis.connections.waits[w].has_source {
                text = text
                    .with("\nnote: no handler in this flow emits `")
                    .with(events[e].name)
                    .with("`, which `");
                text = with_trigger(text, &graph.clauses[clause]).with("` waits for");
            }
            w += 1;
            e += 1;
        }
        clause += 1;
    }
    text
}

/// A clause waits for an event that no handler emits. `wait` is the index of the wait in
/// [`Connections`](super::connections::Connections).
#[must_use]
pub(super) const fn unemitted<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
    wait: usize,
    event: EventDesc,
) -> Option<Text> {
    if analysis.connections.waits[wait].has_source
        || analysis.connections.open
        || analysis.connections.broken
    {
        return None;
    }
    let waiting = &graph.clauses[analysis.connections.waits[wait].clause];
    let text = with_trigger(Text::new().with("`"), waiting)
        .with("` never runs: no handler in this flow emits `")
        .with(event.name)
        .with("`; add `emits = ")
        .with(event.name)
        .with("` to one, or declare `external ")
        .with(event.name)
        .with(";`");
    Some(text)
}

/// A clause waits for an event of handlers that nothing leads to; or it is the first of an endless
/// cycle. One question for both, because each question costs rustc time.
#[must_use]
pub(super) const fn unreachable_or_endless<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
    clause: usize,
) -> Option<Text> {
    if analysis.connections.open || analysis.connections.broken {
        return None;
    }
    if !analysis.connections.unreached[clause] {
        return endless(graph, analysis, clause);
    }
    let trigger = &graph.clauses[clause].trigger;
    let mut w = 0;
    while w < W && analysis.connections.waits[w].clause != clause {
        w += 1;
    }
    // With several events, the message names the first that does not arrive.
    let events = trigger.events();
    let mut e = 0;
    while e + 1 < events.len()
        && (analysis.connections.waits[w + e].external
            || analysis.connections.arrives(graph, events[e]))
    {
        e += 1;
    }
    let event = events[e];
    let emitter = emitter(graph, event);
    let text = with_trigger(Text::new().with("`"), &graph.clauses[clause])
        .with("` is never reached: `")
        .with(emitter)
        .with("` emits `")
        .with(event.name)
        .with("`, but nothing leads from `start` to `")
        .with(emitter)
        .with("`; emit `")
        .with(event.name)
        .with("` in a handler that is reached, or remove this clause");
    Some(text)
}

/// Clauses form a cycle that nothing can end.
const fn endless<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
    first: usize,
) -> Option<Text> {
    let Some(mut clause) = analysis.endless.after(first) else {
        return None;
    };
    let handler = &graph.clauses[first].handlers[0];
    let event = handler.emits[0].name;
    let mut text = Text::new().with("`").with(handler.name);
    if clause == first {
        text = text
            .with("` and its event `")
            .with(event)
            .with("` form a loop that never ends or yields");
    } else {
        while clause != first {
            let next = analysis.endless.next[clause];
            text = text
                .with(if next == first { "` and `" } else { "`, `" })
                .with(graph.clauses[clause].handlers[0].name);
            clause = next;
        }
        text = text.with("` form a loop that never ends or yields");
    }
    let text = text
        .with(": emit `")
        .with(event)
        .with("` conditionally, or `.await` something first");
    Some(text)
}

/// A flow declares an output, but no clause leads to `end`. (A clause that does, but is never
/// reached, is a defect of its own.)
#[must_use]
pub const fn output_without_end<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
) -> Option<Text> {
    let Some(output) = graph.output else {
        return None;
    };
    if analysis.connections.open || analysis.connections.broken {
        return None;
    }
    let mut i = 0;
    while i < N {
        if graph.clauses[i].ends {
            return None;
        }
        i += 1;
    }
    let text = Text::new()
        .with("this flow ends with `")
        .with(output)
        .with("`, but no clause leads to `end`: add `-> end` after the stage that returns it");
    Some(text)
}

/// An event is declared `external`, but no clause takes it.
#[must_use]
pub const fn unused_external<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
    index: usize,
) -> Option<Text> {
    let event = graph.external[index];
    if analysis.connections.first(event.id) < W {
        return None;
    }
    if contains(graph.ignored, event) {
        let text = Text::new()
            .with("`")
            .with(event.name)
            .with("` is declared both `external` and `ignore`: remove one");
        return Some(text);
    }
    let text = Text::new()
        .with("`external ")
        .with(event.name)
        .with("` has no effect because no clause takes `")
        .with(event.name)
        .with("`: add `when ")
        .with(event.name)
        .with(" -> …`, or remove it");
    Some(text)
}

/// An event is declared `ignore`, but a clause takes it, or no handler emits it.
#[must_use]
pub const fn unused_ignore<const N: usize, const W: usize>(
    graph: &GraphDesc,
    analysis: &Analysis<N, W>,
    index: usize,
) -> Option<Text> {
    let event = graph.ignored[index];
    let text = Text::new().with("`ignore ").with(event.name);
    if analysis.connections.first(event.id) < W {
        return Some(text.with("` contradicts a clause that takes the event: remove one"));
    }
    let from_outside = contains(graph.external, event);
    if analysis.connections.broken
        || from_outside
        || !emitter(graph, event).is_empty()
        || undeclared(graph, event)
    {
        return None;
    }
    Some(text.with("` has no effect because no handler in this flow emits the event: remove it"))
}

/// A rescue is for a handler that cannot fail, or for all where none is left that can.
#[must_use]
pub const fn infallible_rescue(graph: &GraphDesc, clause: usize) -> Option<Text> {
    match graph.clauses[clause].trigger {
        TriggerDesc::Rescue(Some(handler)) if !handler.can_fail => {
            let text = Text::new()
                .with("`")
                .with(handler.name)
                .with("` cannot fail because it does not return a `Result`: remove this `rescue`");
            Some(text)
        }
        TriggerDesc::Rescue(None) if !can_fail(graph) => {
            let text = Text::new().with(
                "this `rescue` never runs because no handler in this flow can fail without a \
                 `rescue` of its own: remove it",
            );
            Some(text)
        }
        _ => None,
    }
}

/// A handler has a `retry`, but cannot fail.
#[must_use]
pub const fn infallible_retry(handler: &str, can_fail: bool) -> Option<Text> {
    if can_fail {
        return None;
    }
    let text = Text::new()
        .with("`")
        .with(handler)
        .with("` cannot fail, so `retry` has no effect: return a `Result`, add a `timeout`, or remove `retry`");
    Some(text)
}

/// Whether `rescue -> …` can run: it takes the errors of all handlers that have no rescue of their
/// own, except of those in a rescue.
const fn can_fail(graph: &GraphDesc) -> bool {
    let mut i = 0;
    while i < graph.clauses.len() {
        let clause = &graph.clauses[i];
        let mut h = 0;
        while h < clause.handlers.len() && !matches!(clause.trigger, TriggerDesc::Rescue(_)) {
            let handler = &clause.handlers[h];
            if handler.can_fail && !is_rescued(graph, handler) {
                return true;
            }
            h += 1;
        }
        i += 1;
    }
    false
}

const fn is_rescued(graph: &GraphDesc, handler: &HandlerDesc) -> bool {
    let mut i = 0;
    while i < graph.clauses.len() {
        if let TriggerDesc::Rescue(Some(rescued)) = &graph.clauses[i].trigger
            && rescued.is(handler)
        {
            return true;
        }
        i += 1;
    }
    false
}

/// A handler may take longer than the `timeout` of its flow, or do nothing for longer than its
/// `idle_timeout`. (A handler that puts or emits does something. A named flow as a stage is not
/// compared: its limits are its own, wherever it is used.)
#[must_use]
pub const fn exceeds_timeout(graph: &GraphDesc, clause: usize, handler: usize) -> Option<Text> {
    let handler = graph.clauses[clause].handlers[handler];
    let Some(attempt) = handler.timeout else {
        return None;
    };
    if handler.graph.is_some() {
        return None;
    }
    let all = attempt.saturating_mul(handler.attempts);
    let text = Text::new().with("`").with(handler.name).with("` may take ");
    if let Some(flow) = graph.timeout
        && all.as_nanos() > flow.as_nanos()
    {
        let text = if handler.attempts > 1 {
            text.with_number(handler.attempts as u64).with(" × ")
        } else {
            text
        };
        let text = text
            .with_duration(attempt)
            .with(", but this flow ends after ")
            .with_duration(flow)
            .with(": raise its limit to `timeout \"")
            .with_duration(all)
            .with("\"`, or lower that of `")
            .with(handler.name)
            .with("`");
        return Some(text);
    }
    if let Some(idle) = graph.idle_timeout
        && handler.silent
        && attempt.as_nanos() > idle.as_nanos()
    {
        let text = text
            .with_duration(attempt)
            .with(", but this flow ends when nothing happens for ")
            .with_duration(idle)
            .with(": raise its limit to `idle_timeout \"")
            .with_duration(attempt)
            .with("\"`, or lower that of `")
            .with(handler.name)
            .with("`");
        return Some(text);
    }
    None
}

/// A resource or a state is declared, but no handler takes it.
#[must_use]
pub const fn unused_type<const N: usize, const W: usize>(
    analysis: &Analysis<N, W>,
    taken: bool,
    parameter: &str,
) -> Option<Text> {
    if taken || analysis.connections.broken {
        return None;
    }
    let text = Text::new()
        .with("no handler in this flow takes `")
        .with(parameter)
        .with("`: add the parameter to one, or remove this declaration");
    Some(text)
}

/// Two clauses name one event by different paths. `flow!` delivers an event to the clauses that use
/// one path; `groups` has the same number for all waits with the same path. The defect is reported
/// at the first wait of each further group.
#[must_use]
pub(super) const fn spelled_twice<const N: usize, const W: usize>(
    analysis: &Analysis<N, W>,
    groups: &[usize],
    wait: usize,
    event: EventDesc,
) -> Option<Text> {
    let first = analysis.connections.first(event.id);
    let mut other = first;
    while other < wait {
        if groups[other] == groups[wait] {
            return None;
        }
        other = analysis.connections.waits[other].next;
    }
    if first == wait {
        return None;
    }
    let text = Text::new()
        .with("this is `")
        .with(event.name)
        .with("`, which another clause names by another path: use the same path in both");
    Some(text)
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

/// The name of the first handler that emits the event.
const fn emitter(graph: &GraphDesc, event: EventDesc) -> &'static str {
    let mut i = 0;
    while i < graph.clauses.len() {
        if let Some(name) = emitter_in(&graph.clauses[i], event) {
            return name;
        }
        i += 1;
    }
    ""
}
