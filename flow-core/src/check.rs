//! The checks that need the whole graph. `flow!` calls each in a `const`, at the span of the words
//! to change, and what they say becomes a compile error there.
//!
//! They compare events by id. Where a clause waits for nothing that is emitted, what lies behind it
//! is not reported as well: it would be the same defect once more.
#![allow(
    clippy::indexing_slicing,
    reason = "a `const fn` has no iterators; each index is below the length it is compared with"
)]

use crate::event::EventDesc;
use crate::graph::{ClauseDesc, GraphDesc};
use crate::text::Text;

/// Makes a defect a compile error, at the place of the call.
#[track_caller]
#[allow(
    clippy::panic,
    reason = "a panic in a `const` is how an error is reported"
)]
pub const fn check(defect: Option<Text>) {
    if let Some(text) = defect {
        panic!("{}", text.as_str());
    }
}

/// The handler of a clause emits what nobody takes.
#[must_use]
pub const fn unheard(graph: &GraphDesc, clause: usize) -> Option<Text> {
    let handler = graph.clauses[clause].handler;
    if has_broken(graph) {
        return None;
    }
    let mut text = Text::new().with("`").with(handler.name).with("` emits ");
    let mut fix = Text::new();
    let mut found = false;
    let mut i = 0;
    while i < handler.emits.len() {
        let event = handler.emits[i];
        if !is_taken(graph, event) && !contains(graph.ignored, event) {
            if found {
                text = text.with(" and ");
                fix = fix.with(" and ");
            }
            text = text.with("`").with(event.name).with("`");
            fix = fix.with("`when ").with(event.name).with(" -> …`");
            found = true;
        }
        i += 1;
    }
    if found {
        Some(
            text.with(", which no clause takes: add ")
                .with(fix.as_str())
                .with(", or say that it is meant: `ignore …;`"),
        )
    } else {
        None
    }
}

/// A clause waits for what nobody emits.
#[must_use]
pub const fn unemitted(graph: &GraphDesc, clause: usize) -> Option<Text> {
    let Some(event) = graph.clauses[clause].event else {
        return None;
    };
    if is_emitted(graph, event) || contains(graph.external, event) || has_broken(graph) {
        return None;
    }
    let text = Text::new()
        .with("no handler of this flow emits `")
        .with(event.name)
        .with("`, so `when ")
        .with(event.name)
        .with("` never runs: let one say `emits = \"")
        .with(event.name)
        .with("\"`, or add `external ")
        .with(event.name)
        .with(";` if it comes from outside");
    Some(text)
}

/// A clause waits for what is emitted only by handlers that nothing leads to; `unreached` is
/// [`unreached`]'s answer.
#[must_use]
pub const fn unreachable(graph: &GraphDesc, unreached: &[bool], clause: usize) -> Option<Text> {
    let Some(event) = graph.clauses[clause].event else {
        return None;
    };
    if !unreached[clause] || has_broken(graph) {
        return None;
    }
    let emitter = emitter(graph, event);
    let text = Text::new()
        .with("`when ")
        .with(event.name)
        .with("` is never reached: `")
        .with(event.name)
        .with("` is emitted by `")
        .with(emitter)
        .with("`, and nothing leads from `start` to `")
        .with(emitter)
        .with("`");
    Some(text)
}

/// Which of the `N` clauses nothing leads to. Of those that lead to each other, the first one; the
/// ones behind it are not its defect.
#[must_use]
pub const fn unreached<const N: usize>(graph: &GraphDesc) -> [bool; N] {
    let mut reached = [false; N];
    let mut reported = [false; N];
    let mut i = 0;
    while i < N {
        let root = match graph.clauses[i].event {
            None => true,
            Some(event) => contains(graph.external, event) || !is_emitted(graph, event),
        };
        if root {
            reached = follow(graph, i, reached);
        }
        i += 1;
    }
    let mut i = 0;
    while i < N {
        if !reached[i] {
            reported[i] = true;
            reached = follow(graph, i, reached);
        }
        i += 1;
    }
    reported
}

/// `reached`, and all that the clause leads to.
const fn follow<const N: usize>(
    graph: &GraphDesc,
    from: usize,
    mut reached: [bool; N],
) -> [bool; N] {
    if reached[from] {
        return reached;
    }
    reached[from] = true;
    let mut waiting = [0; N];
    waiting[0] = from;
    let mut count = 1;
    while count > 0 {
        count -= 1;
        let emits = graph.clauses[waiting[count]].handler.emits;
        let mut e = 0;
        while e < emits.len() {
            let mut i = 0;
            while i < N {
                if !reached[i] && takes(&graph.clauses[i], emits[e]) {
                    reached[i] = true;
                    waiting[count] = i;
                    count += 1;
                }
                i += 1;
            }
            e += 1;
        }
    }
    reached
}

/// Two clauses name one event by different paths; an event goes to one group of clauses only.
#[must_use]
pub const fn spelled_twice(events: &[EventDesc], index: usize) -> Option<Text> {
    let mut i = 0;
    while i < index {
        if events[i].id == events[index].id {
            let text = Text::new()
                .with("this is `")
                .with(events[index].name)
                .with("`, which another clause names by another path: write both the same way");
            return Some(text);
        }
        i += 1;
    }
    None
}

/// A handler in error says nothing of what it emits, so that there is nothing to compare with.
const fn has_broken(graph: &GraphDesc) -> bool {
    let mut i = 0;
    while i < graph.clauses.len() {
        if graph.clauses[i].handler.broken {
            return true;
        }
        i += 1;
    }
    false
}

const fn takes(clause: &ClauseDesc, event: EventDesc) -> bool {
    match clause.event {
        Some(taken) => taken.id == event.id,
        None => false,
    }
}

const fn is_taken(graph: &GraphDesc, event: EventDesc) -> bool {
    let mut i = 0;
    while i < graph.clauses.len() {
        if takes(&graph.clauses[i], event) {
            return true;
        }
        i += 1;
    }
    false
}

const fn is_emitted(graph: &GraphDesc, event: EventDesc) -> bool {
    let mut i = 0;
    while i < graph.clauses.len() {
        if contains(graph.clauses[i].handler.emits, event) {
            return true;
        }
        i += 1;
    }
    false
}

/// The name of the first handler that emits the event.
const fn emitter(graph: &GraphDesc, event: EventDesc) -> &'static str {
    let mut i = 0;
    while i < graph.clauses.len() {
        if contains(graph.clauses[i].handler.emits, event) {
            return graph.clauses[i].handler.name;
        }
        i += 1;
    }
    ""
}

const fn contains(events: &[EventDesc], event: EventDesc) -> bool {
    let mut i = 0;
    while i < events.len() {
        if events[i].id == event.id {
            return true;
        }
        i += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{Text, spelled_twice, unemitted, unheard, unreachable, unreached};
    use crate::event::EventDesc;
    use crate::graph::{ClauseDesc, GraphDesc};
    use crate::handler::HandlerDesc;

    const fn event(name: &'static str) -> EventDesc {
        EventDesc::new(name, name, "", (0, 0))
    }

    const A: EventDesc = event("A");
    const B: EventDesc = event("B");
    const C: EventDesc = event("C");

    const fn clause(
        event: Option<EventDesc>,
        name: &'static str,
        emits: &'static [EventDesc],
    ) -> ClauseDesc {
        ClauseDesc {
            event,
            handler: HandlerDesc::new(name, emits),
        }
    }

    const fn graph(clauses: &'static [ClauseDesc]) -> GraphDesc {
        GraphDesc {
            clauses,
            external: &[],
            ignored: &[],
        }
    }

    fn said(defect: Option<Text>) -> Option<String> {
        defect.map(|text| text.as_str().to_owned())
    }

    #[test]
    fn a_loop_has_no_defect() {
        const LOOP: GraphDesc = graph(&[
            clause(None, "ask", &[A]),
            clause(Some(A), "reply", &[B]),
            clause(Some(B), "ask", &[A]),
        ]);
        for i in 0..3 {
            assert_eq!(said(unheard(&LOOP, i)), None);
            assert_eq!(said(unemitted(&LOOP, i)), None);
            assert_eq!(said(unreachable(&LOOP, &unreached::<3>(&LOOP), i)), None);
        }
    }

    #[test]
    fn an_emitted_event_without_a_clause_is_named_with_its_handler() {
        const OPEN: GraphDesc = graph(&[clause(None, "ask", &[A, B])]);
        assert_eq!(
            said(unheard(&OPEN, 0)).as_deref(),
            Some(
                "`ask` emits `A` and `B`, which no clause takes: \
                 add `when A -> …` and `when B -> …`, or say that it is meant: `ignore …;`"
            )
        );
        let ignored = GraphDesc {
            ignored: &[A, B],
            ..OPEN
        };
        assert_eq!(said(unheard(&ignored, 0)), None);
    }

    #[test]
    fn a_clause_for_an_event_that_nobody_emits_is_reported_unless_it_is_external() {
        const DEAF: GraphDesc = graph(&[clause(None, "ask", &[]), clause(Some(A), "reply", &[])]);
        assert!(said(unemitted(&DEAF, 1)).is_some_and(|text| text.contains("emits `A`")));
        let external = GraphDesc {
            external: &[A],
            ..DEAF
        };
        assert_eq!(said(unemitted(&external, 1)), None);
    }

    #[test]
    fn what_lies_behind_an_unemitted_event_is_not_reported_again() {
        const CHAIN: GraphDesc = graph(&[
            clause(None, "ask", &[]),
            clause(Some(A), "reply", &[B]),
            clause(Some(B), "tell", &[]),
        ]);
        assert!(unemitted(&CHAIN, 1).is_some());
        assert_eq!(unreached::<3>(&CHAIN), [false; 3]);
    }

    #[test]
    fn a_ring_that_nothing_enters_is_reported_once() {
        const RING: GraphDesc = graph(&[
            clause(None, "ask", &[]),
            clause(Some(A), "left", &[B]),
            clause(Some(B), "right", &[A, C]),
            clause(Some(C), "tell", &[]),
        ]);
        let unreached = unreached::<4>(&RING);
        assert_eq!(unreached, [false, true, false, false]);
        assert_eq!(
            said(unreachable(&RING, &unreached, 1)).as_deref(),
            Some(
                "`when A` is never reached: `A` is emitted by `right`, \
                 and nothing leads from `start` to `right`"
            )
        );
    }

    #[test]
    fn an_event_under_two_names_is_found() {
        assert!(spelled_twice(&[A, B], 1).is_none());
        assert!(spelled_twice(&[A, B, A], 2).is_some());
    }
}
