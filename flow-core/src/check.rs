//! The checks that need the whole graph. `flow!` calls each in a `const`, at the span of the words
//! to change, and what they say becomes a compile error there.
//!
//! One defect is one error: while an emitted event has no clause, the handler that would take it is
//! missing, and so is what that one emits; so clauses that wait in vain are only noted then. Where
//! a clause waits in vain, what lies behind it is not reported as well.
#![allow(
    clippy::indexing_slicing,
    reason = "a `const fn` has no iterators; each index is below the length it is compared with"
)]

use crate::event::EventDesc;
use crate::graph::GraphDesc;
use crate::text::Text;

/// Makes a defect a compile error, at the place of the call.
///
/// # Panics
///
/// If there is one.
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

/// What is known of the `N` clauses of a flow, found out once.
#[derive(Clone, Copy, Debug)]
pub struct Survey<const N: usize> {
    /// The clauses by the id of their event, so that an event's clauses are found by bisection:
    /// comparing each with each would take minutes for some hundred.
    by_event: [usize; N],
    /// A handler of the flow emits the clause's event, or it comes from outside.
    fed: [bool; N],
    /// Nothing leads to the clause, and it is the first of those that only lead to each other.
    unreached: [bool; N],
    /// Some emitted event has no clause.
    open: bool,
    /// The attribute of a handler is in error, so that what it emits is not known.
    broken: bool,
}

impl<const N: usize> Survey<N> {
    /// Looks at the whole graph.
    #[must_use]
    pub const fn new(graph: &GraphDesc) -> Self {
        let mut survey = Self {
            by_event: sorted(graph),
            fed: [false; N],
            unreached: [false; N],
            open: false,
            broken: false,
        };
        let mut i = 0;
        while i < N {
            let handler = graph.clauses[i].handler;
            survey.broken |= handler.broken;
            let mut e = 0;
            while e < handler.emits.len() {
                let clauses = survey.clauses_of(graph, handler.emits[e]);
                survey.open |= clauses.0 == clauses.1 && !contains(graph.ignored, handler.emits[e]);
                survey.mark_fed(clauses);
                e += 1;
            }
            i += 1;
        }
        let mut i = 0;
        while i < graph.external.len() {
            survey.mark_fed(survey.clauses_of(graph, graph.external[i]));
            i += 1;
        }
        survey.unreached = survey.find_unreached(graph);
        survey
    }

    const fn mark_fed(&mut self, clauses: (usize, usize)) {
        let mut i = clauses.0;
        while i < clauses.1 {
            self.fed[self.by_event[i]] = true;
            i += 1;
        }
    }

    /// The range of `by_event` with the clauses of an event.
    const fn clauses_of(&self, graph: &GraphDesc, event: EventDesc) -> (usize, usize) {
        let (mut low, mut high) = (0, N);
        while low < high {
            let middle = usize::midpoint(low, high);
            if key(graph, self.by_event[middle]) < key_of(event) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let start = low;
        while low < N && key(graph, self.by_event[low]) == key_of(event) {
            low += 1;
        }
        (start, low)
    }

    const fn find_unreached(&self, graph: &GraphDesc) -> [bool; N] {
        let mut reached = [false; N];
        let mut i = 0;
        while i < N {
            // A clause that is not fed is a defect of its own; what lies behind it is not.
            let root = match graph.clauses[i].event {
                None => true,
                Some(event) => !self.fed[i] || contains(graph.external, event),
            };
            if root {
                reached = self.follow(graph, i, reached);
            }
            i += 1;
        }
        let mut unreached = [false; N];
        let mut i = 0;
        while i < N {
            if !reached[i] {
                unreached[i] = true;
                reached = self.follow(graph, i, reached);
            }
            i += 1;
        }
        unreached
    }

    /// `reached`, and all that the clause leads to.
    const fn follow(&self, graph: &GraphDesc, from: usize, mut reached: [bool; N]) -> [bool; N] {
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
                let (mut i, end) = self.clauses_of(graph, emits[e]);
                while i < end {
                    let clause = self.by_event[i];
                    if !reached[clause] {
                        reached[clause] = true;
                        waiting[count] = clause;
                        count += 1;
                    }
                    i += 1;
                }
                e += 1;
            }
        }
        reached
    }
}

/// The indices of the clauses, sorted by their keys (shell sort: short, and fast enough).
const fn sorted<const N: usize>(graph: &GraphDesc) -> [usize; N] {
    let mut order = [0; N];
    let mut i = 0;
    while i < N {
        order[i] = i;
        i += 1;
    }
    let mut gap = N / 2;
    while gap > 0 {
        let mut i = gap;
        while i < N {
            let moved = order[i];
            let mut j = i;
            while j >= gap && key(graph, order[j - gap]) > key(graph, moved) {
                order[j] = order[j - gap];
                j -= gap;
            }
            order[j] = moved;
            i += 1;
        }
        gap /= 2;
    }
    order
}

/// What clauses are sorted by; `start`, which waits for no event, comes first.
const fn key(graph: &GraphDesc, clause: usize) -> u128 {
    match graph.clauses[clause].event {
        None => 0,
        Some(event) => key_of(event),
    }
}

const fn key_of(event: EventDesc) -> u128 {
    event.id as u128 + 1
}

/// The handler of a clause emits what nobody takes.
#[must_use]
pub const fn unheard<const N: usize>(
    graph: &GraphDesc,
    survey: &Survey<N>,
    clause: usize,
) -> Option<Text> {
    let handler = graph.clauses[clause].handler;
    let mut emitted = Text::new();
    let mut clauses = Text::new();
    let mut ignored = Text::new();
    let mut found = false;
    let mut i = 0;
    while i < handler.emits.len() {
        let event = handler.emits[i];
        let (start, end) = survey.clauses_of(graph, event);
        if start == end && !contains(graph.ignored, event) {
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
    if !found || survey.broken {
        return None;
    }
    let text = Text::new()
        .with("`")
        .with(handler.name)
        .with("` emits ")
        .with(emitted.as_str())
        .with(", which no clause takes: add ")
        .with(clauses.as_str())
        .with(", or `")
        .with(ignored.as_str())
        .with("` if that is meant");
    Some(note_waiting(graph, survey, text))
}

/// Adds which clauses wait in vain, which may be because of the clause that is missing.
const fn note_waiting<const N: usize>(
    graph: &GraphDesc,
    survey: &Survey<N>,
    mut text: Text,
) -> Text {
    let mut i = 0;
    while i < N {
        if let (Some(event), false) = (graph.clauses[i].event, survey.fed[i]) {
            text = text
                .with("\nnote: nor does a handler of this flow emit `")
                .with(event.name)
                .with("`, which `when ")
                .with(event.name)
                .with("` waits for");
        }
        i += 1;
    }
    text
}

/// A clause waits for what nobody emits.
#[must_use]
pub const fn unemitted<const N: usize>(
    graph: &GraphDesc,
    survey: &Survey<N>,
    clause: usize,
) -> Option<Text> {
    let Some(event) = graph.clauses[clause].event else {
        return None;
    };
    if survey.fed[clause] || survey.open || survey.broken {
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

/// A clause waits for what is emitted only by handlers that nothing leads to.
#[must_use]
pub const fn unreachable<const N: usize>(
    graph: &GraphDesc,
    survey: &Survey<N>,
    clause: usize,
) -> Option<Text> {
    let Some(event) = graph.clauses[clause].event else {
        return None;
    };
    if !survey.unreached[clause] || survey.open || survey.broken {
        return None;
    }
    let emitter = emitter(graph, event);
    let text = Text::new()
        .with("`when ")
        .with(event.name)
        .with("` is never reached: only `")
        .with(emitter)
        .with("` emits `")
        .with(event.name)
        .with("`, and nothing leads from `start` to `")
        .with(emitter)
        .with("`");
    Some(text)
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
    use super::{Survey, Text, spelled_twice, unemitted, unheard, unreachable};
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
            handler: HandlerDesc::new(name, &[], emits),
        }
    }

    const fn graph(clauses: &'static [ClauseDesc]) -> GraphDesc {
        GraphDesc {
            clauses,
            external: &[],
            ignored: &[],
        }
    }

    /// All that is said of a graph: of each clause, by each check.
    fn defects<const N: usize>(graph: &GraphDesc) -> Vec<String> {
        let survey = Survey::<N>::new(graph);
        let said = |defect: Option<Text>| defect.map(|text| text.as_str().to_owned());
        (0..N)
            .flat_map(|i| {
                [
                    said(unheard(graph, &survey, i)),
                    said(unemitted(graph, &survey, i)),
                    said(unreachable(graph, &survey, i)),
                ]
            })
            .flatten()
            .collect()
    }

    #[test]
    fn a_loop_has_no_defect() {
        const LOOP: GraphDesc = graph(&[
            clause(None, "ask", &[A]),
            clause(Some(A), "reply", &[B]),
            clause(Some(B), "ask", &[A]),
        ]);
        assert_eq!(defects::<3>(&LOOP), [""; 0]);
    }

    #[test]
    fn an_emitted_event_without_a_clause_is_named_with_its_handler() {
        const OPEN: GraphDesc = graph(&[clause(None, "ask", &[A, B])]);
        assert_eq!(
            defects::<1>(&OPEN),
            ["`ask` emits `A` and `B`, which no clause takes: \
                 add `when A -> …` and `when B -> …`, or `ignore A; ignore B;` if that is meant"]
        );
        let ignored = GraphDesc {
            ignored: &[A, B],
            ..OPEN
        };
        assert_eq!(defects::<1>(&ignored), [""; 0]);
    }

    #[test]
    fn a_missing_clause_is_one_error_that_notes_what_else_it_may_explain() {
        const CUT: GraphDesc = graph(&[clause(None, "ask", &[A]), clause(Some(B), "ask", &[A])]);
        let survey = Survey::<2>::new(&CUT);
        assert!(unheard(&CUT, &survey, 0).is_some_and(|text| {
            text.as_str().ends_with(
                "\nnote: nor does a handler of this flow emit `B`, which `when B` waits for",
            )
        }));
        assert!(unemitted(&CUT, &survey, 1).is_none());
    }

    #[test]
    fn a_clause_for_an_event_that_nobody_emits_is_reported_unless_it_is_external() {
        const DEAF: GraphDesc = graph(&[clause(None, "ask", &[]), clause(Some(A), "reply", &[])]);
        assert_eq!(
            defects::<2>(&DEAF),
            [
                "no handler of this flow emits `A`, so `when A` never runs: \
                 let one say `emits = \"A\"`, or add `external A;` if it comes from outside"
            ]
        );
        let external = GraphDesc {
            external: &[A],
            ..DEAF
        };
        assert_eq!(defects::<2>(&external), [""; 0]);
    }

    #[test]
    fn what_lies_behind_an_unemitted_event_is_not_reported_again() {
        const CHAIN: GraphDesc = graph(&[
            clause(None, "ask", &[]),
            clause(Some(A), "reply", &[B]),
            clause(Some(B), "tell", &[]),
        ]);
        assert_eq!(defects::<3>(&CHAIN).len(), 1);
    }

    #[test]
    fn a_ring_that_nothing_enters_is_reported_once() {
        const RING: GraphDesc = graph(&[
            clause(None, "ask", &[]),
            clause(Some(A), "left", &[B]),
            clause(Some(B), "right", &[A, C]),
            clause(Some(C), "tell", &[]),
        ]);
        assert_eq!(
            defects::<4>(&RING),
            ["`when A` is never reached: only `right` emits `A`, \
                 and nothing leads from `start` to `right`"]
        );
    }

    #[test]
    fn a_handler_in_error_leaves_nothing_to_compare_with() {
        const CUT: GraphDesc = graph(&[
            ClauseDesc {
                event: None,
                handler: HandlerDesc::BROKEN,
            },
            clause(Some(A), "reply", &[B]),
        ]);
        assert_eq!(defects::<2>(&CUT), [""; 0]);
    }

    #[test]
    fn an_event_under_two_names_is_found() {
        assert!(spelled_twice(&[A, B], 1).is_none());
        assert!(spelled_twice(&[A, B, A], 2).is_some());
    }
}
