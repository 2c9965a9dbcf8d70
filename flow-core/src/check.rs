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

use crate::desc::{ClauseDesc, GraphDesc, TriggerDesc};
use crate::event::EventDesc;
use crate::handler::HandlerDesc;
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

/// What is known of a flow, found out once. It has `N` clauses, which wait for `W` events in all: a
/// "wait" is one event of one clause.
#[derive(Clone, Copy, Debug)]
pub struct Survey<const N: usize, const W: usize> {
    /// The waits by the id of their event, so that those of an event are found by bisection:
    /// comparing each with each would take minutes for some hundred.
    by_event: [usize; W],
    waits: [Wait; W],
    /// Nothing leads to the clause, and it is the first of those that only lead to each other.
    unreached: [bool; N],
    /// Something leads from `start` or from outside to the clause.
    reached: [bool; N],
    /// Some emitted event has no clause.
    open: bool,
    /// The attribute of a handler is in error, so that what it emits is not known.
    broken: bool,
}

#[derive(Clone, Copy, Debug)]
struct Wait {
    event: u64,
    clause: usize,
    /// A handler of the flow emits it, or it comes from outside.
    fed: bool,
    external: bool,
}

impl<const N: usize, const W: usize> Survey<N, W> {
    /// Looks at the whole graph.
    #[must_use]
    pub const fn new(graph: &GraphDesc) -> Self {
        let waits = waits(graph);
        let mut survey = Self {
            by_event: sorted(&waits),
            waits,
            unreached: [false; N],
            reached: [false; N],
            open: false,
            broken: false,
        };
        let mut i = 0;
        while i < N {
            let handlers = graph.clauses[i].handlers;
            let mut h = 0;
            while h < handlers.len() {
                survey.feed(graph, &handlers[h]);
                h += 1;
            }
            i += 1;
        }
        let mut i = 0;
        while i < graph.external.len() {
            let (mut at, end) = survey.waits_for(graph.external[i]);
            while at < end {
                survey.waits[survey.by_event[at]].fed = true;
                survey.waits[survey.by_event[at]].external = true;
                at += 1;
            }
            i += 1;
        }
        survey.find_unreached(graph)
    }

    /// Notes what the handler emits.
    const fn feed(&mut self, graph: &GraphDesc, handler: &HandlerDesc) {
        self.broken |= handler.broken;
        let mut e = 0;
        while e < handler.emits.len() {
            let (mut at, end) = self.waits_for(handler.emits[e]);
            self.open |= at == end && !contains(graph.ignored, handler.emits[e]);
            while at < end {
                self.waits[self.by_event[at]].fed = true;
                at += 1;
            }
            e += 1;
        }
    }

    /// The range of `by_event` with the waits for an event.
    const fn waits_for(&self, event: EventDesc) -> (usize, usize) {
        let (mut low, mut high) = (0, W);
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.waits[self.by_event[middle]].event < event.id {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let start = low;
        while low < W && self.waits[self.by_event[low]].event == event.id {
            low += 1;
        }
        (start, low)
    }

    /// A clause that is reached has a handler that emits it.
    const fn arrives(&self, graph: &GraphDesc, event: EventDesc) -> bool {
        let mut i = 0;
        while i < N {
            if self.reached[i] && emitter_in(&graph.clauses[i], event).is_some() {
                return true;
            }
            i += 1;
        }
        false
    }

    const fn find_unreached(mut self, graph: &GraphDesc) -> Self {
        let mut reach = Reach {
            reached: [false; N],
            arrived: [false; W],
            missing: [0; N],
        };
        let mut w = 0;
        while w < W {
            // A wait that is not fed is a defect of its own; what lies behind it is not.
            if self.waits[w].fed && !self.waits[w].external {
                reach.missing[self.waits[w].clause] += 1;
            } else {
                reach.arrived[w] = true;
            }
            w += 1;
        }
        let mut i = 0;
        while i < N {
            if reach.missing[i] == 0 {
                reach = self.follow(graph, i, reach);
            }
            i += 1;
        }
        self.reached = reach.reached;
        let mut i = 0;
        while i < N {
            if !reach.reached[i] {
                self.unreached[i] = true;
                reach = self.follow(graph, i, reach);
            }
            i += 1;
        }
        self
    }

    /// Adds the clause, and all that it leads to.
    const fn follow(&self, graph: &GraphDesc, from: usize, mut reach: Reach<N, W>) -> Reach<N, W> {
        if reach.reached[from] {
            return reach;
        }
        reach.reached[from] = true;
        let mut waiting = [0; N];
        waiting[0] = from;
        let mut count = 1;
        while count > 0 {
            count -= 1;
            let handlers = graph.clauses[waiting[count]].handlers;
            let mut h = 0;
            while h < handlers.len() {
                let emits = handlers[h].emits;
                let mut e = 0;
                while e < emits.len() {
                    let (mut at, end) = self.waits_for(emits[e]);
                    while at < end {
                        let wait = self.by_event[at];
                        let clause = self.waits[wait].clause;
                        if !reach.arrived[wait] {
                            reach.arrived[wait] = true;
                            reach.missing[clause] -= 1;
                            if reach.missing[clause] == 0 && !reach.reached[clause] {
                                reach.reached[clause] = true;
                                waiting[count] = clause;
                                count += 1;
                            }
                        }
                        at += 1;
                    }
                    e += 1;
                }
                h += 1;
            }
        }
        reach
    }
}

/// What a search has reached so far.
#[derive(Clone, Copy)]
struct Reach<const N: usize, const W: usize> {
    reached: [bool; N],
    arrived: [bool; W],
    /// How many events of the clause have not arrived yet.
    missing: [usize; N],
}

/// The waits, in the order of the text.
const fn waits<const W: usize>(graph: &GraphDesc) -> [Wait; W] {
    let mut waits = [Wait {
        event: 0,
        clause: 0,
        fed: false,
        external: false,
    }; W];
    let (mut w, mut clause) = (0, 0);
    while clause < graph.clauses.len() {
        let events = graph.clauses[clause].trigger.events();
        let mut e = 0;
        while e < events.len() {
            waits[w].event = events[e].id;
            waits[w].clause = clause;
            w += 1;
            e += 1;
        }
        clause += 1;
    }
    waits
}

/// The indices of the waits, sorted by their events (shell sort: short, and fast enough).
const fn sorted<const W: usize>(waits: &[Wait; W]) -> [usize; W] {
    let mut order = [0; W];
    let mut i = 0;
    while i < W {
        order[i] = i;
        i += 1;
    }
    let mut gap = W / 2;
    while gap > 0 {
        let mut i = gap;
        while i < W {
            let moved = order[i];
            let mut j = i;
            while j >= gap && waits[order[j - gap]].event > waits[moved].event {
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

/// `when E`, or `when A & B`
const fn with_trigger(mut text: Text, trigger: &TriggerDesc) -> Text {
    let events = trigger.events();
    text = text.with("when ");
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

/// A handler of a clause emits what nobody takes.
#[must_use]
pub const fn unheard<const N: usize, const W: usize>(
    graph: &GraphDesc,
    survey: &Survey<N, W>,
    clause: usize,
    handler: usize,
) -> Option<Text> {
    if !survey.open || survey.broken {
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
        let (start, end) = survey.waits_for(event);
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
        .with(", or `")
        .with(ignored.as_str())
        .with("` if that is meant");
    Some(note_waiting(graph, survey, text))
}

/// Adds which clauses wait in vain, which may be because of the clause that is missing.
const fn note_waiting<const N: usize, const W: usize>(
    graph: &GraphDesc,
    survey: &Survey<N, W>,
    mut text: Text,
) -> Text {
    let (mut w, mut clause) = (0, 0);
    while clause < N {
        let trigger = &graph.clauses[clause].trigger;
        let events = trigger.events();
        let mut e = 0;
        while e < events.len() {
            if !survey.waits[w].fed {
                text = text
                    .with("\nnote: nor does a handler of this flow emit `")
                    .with(events[e].name)
                    .with("`, which `");
                text = with_trigger(text, trigger).with("` waits for");
            }
            w += 1;
            e += 1;
        }
        clause += 1;
    }
    text
}

/// A clause waits for what nobody emits. The waits are counted as in [`Survey`].
#[must_use]
pub const fn unemitted<const N: usize, const W: usize>(
    graph: &GraphDesc,
    survey: &Survey<N, W>,
    wait: usize,
    event: EventDesc,
) -> Option<Text> {
    if survey.waits[wait].fed || survey.open || survey.broken {
        return None;
    }
    let trigger = &graph.clauses[survey.waits[wait].clause].trigger;
    let text = Text::new()
        .with("no handler of this flow emits `")
        .with(event.name)
        .with("`, so `");
    let text = with_trigger(text, trigger)
        .with("` never runs: let one say `emits = \"")
        .with(event.name)
        .with("\"`, or add `external ")
        .with(event.name)
        .with(";` if it comes from outside");
    Some(text)
}

/// A clause waits for what is emitted only by handlers that nothing leads to.
#[must_use]
pub const fn unreachable<const N: usize, const W: usize>(
    graph: &GraphDesc,
    survey: &Survey<N, W>,
    clause: usize,
) -> Option<Text> {
    if !survey.unreached[clause] || survey.open || survey.broken {
        return None;
    }
    let trigger = &graph.clauses[clause].trigger;
    let mut w = 0;
    while w < W && survey.waits[w].clause != clause {
        w += 1;
    }
    // Of several events, the first that does not arrive.
    let events = trigger.events();
    let mut e = 0;
    while e + 1 < events.len() && (survey.waits[w + e].external || survey.arrives(graph, events[e]))
    {
        e += 1;
    }
    let event = events[e];
    let emitter = emitter(graph, event);
    let text = with_trigger(Text::new().with("`"), trigger)
        .with("` is never reached: only `")
        .with(emitter)
        .with("` emits `")
        .with(event.name)
        .with("`, and nothing leads from `start` to `")
        .with(emitter)
        .with("`");
    Some(text)
}

/// A flow is to end with a value, and no clause leads to `end`. (Where one does that nothing leads
/// to, that is the defect.)
#[must_use]
pub const fn unfinished<const N: usize, const W: usize>(
    graph: &GraphDesc,
    survey: &Survey<N, W>,
) -> Option<Text> {
    let Some(output) = graph.output else {
        return None;
    };
    if survey.open || survey.broken {
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
        .with("`, and no clause leads to `end`: let one go `-> end` with it");
    Some(text)
}

/// An event is said to come from outside, and no clause takes it.
#[must_use]
pub const fn idle_external<const N: usize, const W: usize>(
    graph: &GraphDesc,
    survey: &Survey<N, W>,
    index: usize,
) -> Option<Text> {
    let event = graph.external[index];
    let (start, end) = survey.waits_for(event);
    if start < end {
        return None;
    }
    if contains(graph.ignored, event) {
        let text = Text::new()
            .with("`")
            .with(event.name)
            .with("` comes from outside, and is ignored: take one of them away");
        return Some(text);
    }
    let text = Text::new()
        .with("no clause takes `")
        .with(event.name)
        .with("` when it comes from outside: add `when ")
        .with(event.name)
        .with(" -> …`, or take this away");
    Some(text)
}

/// An event is ignored that a clause takes, or that nobody emits.
#[must_use]
pub const fn idle_ignore<const N: usize, const W: usize>(
    graph: &GraphDesc,
    survey: &Survey<N, W>,
    index: usize,
) -> Option<Text> {
    let event = graph.ignored[index];
    let (start, end) = survey.waits_for(event);
    let text = Text::new().with("`ignore ").with(event.name);
    if start < end {
        return Some(
            text.with("` says that nobody takes it, and a clause does: take one of them away"),
        );
    }
    let from_outside = contains(graph.external, event);
    if survey.broken || from_outside || !emitter(graph, event).is_empty() {
        return None;
    }
    Some(text.with("` is not needed: no handler of this flow emits it"))
}

/// A handler is rescued that cannot fail.
#[must_use]
pub const fn unfailing(graph: &GraphDesc, clause: usize) -> Option<Text> {
    match graph.clauses[clause].trigger {
        TriggerDesc::Rescue(Some(handler)) if !handler.can_fail => {
            let text = Text::new()
                .with("`")
                .with(handler.name)
                .with("` cannot fail, for it returns no `Result`: take its rescue away");
            Some(text)
        }
        TriggerDesc::Rescue(None) if !can_fail(graph) => {
            let text = Text::new().with(
                "no handler of this flow can fail without a rescue of its own: take this one away",
            );
            Some(text)
        }
        _ => None,
    }
}

/// Whether there is something for `rescue -> …` to do: it takes the errors of all handlers that are
/// not themselves part of a rescue and have none of their own.
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
            && rescued.place.line == handler.place.line
            && rescued.place.column == handler.place.column
            && same(rescued.name, handler.name)
            && same(rescued.place.file, handler.place.file)
        {
            return true;
        }
        i += 1;
    }
    false
}

const fn same(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() != right.len() {
        return false;
    }
    let mut i = 0;
    while i < left.len() {
        if left[i] != right[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// A resource or a state is declared that no handler takes.
#[must_use]
pub const fn idle_type<const N: usize, const W: usize>(
    survey: &Survey<N, W>,
    taken: bool,
    parameter: &str,
) -> Option<Text> {
    if taken || survey.broken {
        return None;
    }
    let text = Text::new()
        .with("no handler of this flow takes `")
        .with(parameter)
        .with("`: take this away, or let one have such a parameter");
    Some(text)
}

/// Two clauses name one event by different paths; an event goes to one group of clauses only.
/// `groups` says for each wait which clauses name its event alike, and `wait` is the first of one.
#[must_use]
pub const fn spelled_twice<const N: usize, const W: usize>(
    survey: &Survey<N, W>,
    groups: &[usize],
    wait: usize,
    event: EventDesc,
) -> Option<Text> {
    let (mut at, end) = survey.waits_for(event);
    while at < end {
        let other = survey.by_event[at];
        if other < wait && groups[other] != groups[wait] {
            let text = Text::new()
                .with("this is `")
                .with(event.name)
                .with("`, which another clause names by another path: write both the same way");
            return Some(text);
        }
        at += 1;
    }
    None
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

/// The same within one clause.
const fn emitter_in(clause: &ClauseDesc, event: EventDesc) -> Option<&'static str> {
    let mut h = 0;
    while h < clause.handlers.len() {
        if contains(clause.handlers[h].emits, event) {
            return Some(clause.handlers[h].name);
        }
        h += 1;
    }
    None
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
    use crate::desc::{ClauseDesc, GraphDesc, Place, TriggerDesc};
    use crate::event::EventDesc;
    use crate::handler::HandlerDesc;

    const HERE: Place = Place::new("", 0, 0);

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
            ClauseDesc::new($trigger, &[], &[handler($name, &[$($emits),*])], false, HERE)
        };
    }

    const START: TriggerDesc = TriggerDesc::Start;

    const fn when(event: EventDesc) -> TriggerDesc {
        TriggerDesc::Event(event)
    }

    const fn graph(clauses: &'static [ClauseDesc]) -> GraphDesc {
        GraphDesc::new("", "", HERE).wiring(clauses, &[], &[])
    }

    /// All that is said of a graph: of each clause, by each check.
    fn defects<const N: usize, const W: usize>(graph: &GraphDesc) -> Vec<String> {
        let survey = Survey::<N, W>::new(graph);
        let said = |defect: Option<Text>| defect.map(|text| text.as_str().to_owned());
        let mut defects = Vec::new();
        let mut wait = 0;
        for clause in 0..N {
            defects.extend(said(unheard(graph, &survey, clause, 0)));
            for event in graph.clauses[clause].trigger.events() {
                defects.extend(said(unemitted(graph, &survey, wait, *event)));
                wait += 1;
            }
            defects.extend(said(unreachable(graph, &survey, clause)));
        }
        defects
    }

    #[test]
    fn a_loop_has_no_defect() {
        const LOOP: GraphDesc = graph(&[
            clause!(START, "ask", [A]),
            clause!(when(A), "reply", [B]),
            clause!(when(B), "ask", [A]),
        ]);
        assert_eq!(defects::<3, 2>(&LOOP), [""; 0]);
    }

    #[test]
    fn an_emitted_event_without_a_clause_is_named_with_its_handler() {
        const OPEN: GraphDesc = graph(&[clause!(START, "ask", [A, B])]);
        assert_eq!(
            defects::<1, 0>(&OPEN),
            ["`ask` emits `A` and `B`, which no clause takes: \
                 add `when A -> …` and `when B -> …`, or `ignore A; ignore B;` if that is meant"]
        );
        let ignored = GraphDesc {
            ignored: &[A, B],
            ..OPEN
        };
        assert_eq!(defects::<1, 0>(&ignored), [""; 0]);
    }

    #[test]
    fn a_missing_clause_is_one_error_that_notes_what_else_it_may_explain() {
        const CUT: GraphDesc = graph(&[clause!(START, "ask", [A]), clause!(when(B), "ask", [A])]);
        let survey = Survey::<2, 1>::new(&CUT);
        assert!(unheard(&CUT, &survey, 0, 0).is_some_and(|text| {
            text.as_str().ends_with(
                "\nnote: nor does a handler of this flow emit `B`, which `when B` waits for",
            )
        }));
        assert!(unemitted(&CUT, &survey, 0, B).is_none());
    }

    #[test]
    fn a_clause_for_an_event_that_nobody_emits_is_reported_unless_it_is_external() {
        const DEAF: GraphDesc = graph(&[clause!(START, "ask", []), clause!(when(A), "reply", [])]);
        assert_eq!(
            defects::<2, 1>(&DEAF),
            [
                "no handler of this flow emits `A`, so `when A` never runs: \
                 let one say `emits = \"A\"`, or add `external A;` if it comes from outside"
            ]
        );
        let external = GraphDesc {
            external: &[A],
            ..DEAF
        };
        assert_eq!(defects::<2, 1>(&external), [""; 0]);
    }

    #[test]
    fn what_lies_behind_an_unemitted_event_is_not_reported_again() {
        const CHAIN: GraphDesc = graph(&[
            clause!(START, "ask", []),
            clause!(when(A), "reply", [B]),
            clause!(when(B), "tell", []),
        ]);
        assert_eq!(defects::<3, 2>(&CHAIN).len(), 1);
    }

    #[test]
    fn a_ring_that_nothing_enters_is_reported_once() {
        const RING: GraphDesc = graph(&[
            clause!(START, "ask", []),
            clause!(when(A), "left", [B]),
            clause!(when(B), "right", [A, C]),
            clause!(when(C), "tell", []),
        ]);
        assert_eq!(
            defects::<4, 3>(&RING),
            ["`when A` is never reached: only `right` emits `A`, \
                 and nothing leads from `start` to `right`"]
        );
    }

    #[test]
    fn a_handler_in_error_leaves_nothing_to_compare_with() {
        const CUT: GraphDesc = graph(&[
            ClauseDesc::new(START, &[], &[HandlerDesc::BROKEN], false, HERE),
            clause!(when(A), "reply", [B]),
        ]);
        assert_eq!(defects::<2, 1>(&CUT), [""; 0]);
    }

    #[test]
    fn an_event_under_two_names_is_found() {
        const TWICE: GraphDesc = graph(&[
            clause!(START, "ask", [A, B]),
            clause!(when(A), "reply", []),
            clause!(when(B), "tell", []),
            clause!(when(A), "log", []),
        ]);
        let survey = Survey::<4, 3>::new(&TWICE);
        assert!(spelled_twice(&survey, &[0, 1, 2], 1, B).is_none());
        assert!(spelled_twice(&survey, &[0, 1, 2], 2, A).is_some());
        assert!(spelled_twice(&survey, &[0, 1, 0], 2, A).is_none());
    }
}
