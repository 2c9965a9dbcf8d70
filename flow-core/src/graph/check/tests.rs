use std::time::Duration;

use super::defects::{
    DEFECT, ENDLESS, NAMESAKE, NEVER_EMITTED, NEVER_REACHED, NONE, OUTLIVES_THE_END, SPELLED_TWICE,
};
use super::overlong::{IDLE_TOO_LONG, REPEATED_TOO_LONG, TOO_LONG};
use super::partners::IN_ONE_BODY;
use super::{
    Analysis, Overlong, dead_wait, exceeds_timeout, excluded_partners, unhandled_emit,
    unhandled_event, unhandled_events, waits_beyond_timeout,
};
use crate::graph::desc::HandlerDesc;
use crate::graph::desc::{ClauseDesc, GraphDesc, StageDesc, TriggerDesc};
use crate::graph::event::EventDesc;
use crate::graph::location::Location;
use crate::graph::shape::{Alternative, Count, Shape};

const HERE: Location = Location::new("", 0, 0);

/// Places of units.
const MINUTES: u8 = 2;
const SECONDS: u8 = 3;
const MILLISECONDS: u8 = 4;

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

#[test]
fn a_flow_without_a_defect_is_not_asked_for_each_place() {
    const LOOP: GraphDesc = graph(&[
        clause!(START, "ask", [A]),
        clause!(when(A), "reply", [B]),
        clause!(when(B), "ask", [A]),
        clause!(when(B), "log", []),
    ]);
    let analysis = Analysis::<4, 3>::new(&LOOP);
    assert!(analysis.all_heard() && analysis.all_alive(&[0, 1, 1]) && analysis.none_once());
    // Another path for one event.
    assert!(!analysis.all_alive(&[0, 1, 2]));
}

#[test]
fn a_loop_has_no_defect() {
    const LOOP: GraphDesc = graph(&[
        clause!(START, "ask", [A]),
        clause!(when(A), "reply", [B]),
        clause!(when(B), "ask", [A]),
    ]);
    assert_eq!(defects::<3, 2>(&LOOP), []);
}

#[test]
fn an_emitted_event_without_a_clause_is_named_with_its_handler() {
    const OPEN: GraphDesc = graph(&[clause!(START, "ask", [A, B])]);
    assert_eq!(defects::<1, 0>(&OPEN), [(1, "ask"), (2, "ask")]);
    let one_of_two = GraphDesc {
        ignored: &[A],
        ..OPEN
    };
    assert_eq!(defects::<1, 0>(&one_of_two), [(2, "ask")]);
    let ignored = GraphDesc {
        ignored: &[A, B],
        ..OPEN
    };
    assert_eq!(defects::<1, 0>(&ignored), []);
}

#[test]
fn a_clause_for_another_event_of_the_name_is_the_defect() {
    const OTHER_A: EventDesc = EventDesc::new("A", "", "other::A", HERE);
    const MIXED_UP: GraphDesc =
        graph(&[clause!(START, "ask", [A]), clause!(when(OTHER_A), "b", [])]);
    const BOTH_TAKEN: GraphDesc = graph(&[
        clause!(START, "ask", [A, OTHER_A]),
        clause!(when(OTHER_A), "b", []),
        clause!(when(A), "c", []),
    ]);
    const ONE_TAKEN: GraphDesc = graph(&[
        clause!(START, "ask", [A, OTHER_A]),
        clause!(when(OTHER_A), "b", []),
    ]);
    assert_eq!(defects::<2, 1>(&MIXED_UP), [(NAMESAKE, "A")]);
    assert_eq!(defects::<3, 2>(&BOTH_TAKEN), []);
    assert_eq!(defects::<2, 1>(&ONE_TAKEN), [(1, "ask")]);
}

#[test]
fn a_missing_clause_hides_what_it_may_explain() {
    const CUT: GraphDesc = graph(&[clause!(START, "ask", [A]), clause!(when(B), "tell", [])]);
    assert_eq!(defects::<2, 1>(&CUT), [(1, "ask")]);
}

#[test]
fn a_clause_for_an_event_that_nobody_emits_is_reported_unless_it_is_external() {
    const DEAF: GraphDesc = graph(&[clause!(START, "ask", []), clause!(when(A), "reply", [])]);
    assert_eq!(defects::<2, 1>(&DEAF), [(NEVER_EMITTED, "A")]);
    let external = GraphDesc {
        external: &[A],
        ..DEAF
    };
    assert_eq!(defects::<2, 1>(&external), []);
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
    assert_eq!(defects::<4, 3>(&RING), [(NEVER_REACHED, "A")]);
}

#[test]
fn of_what_leads_to_each_other_the_first_cause_is_reported() {
    const RING: GraphDesc = graph(&[
        clause!(START, "ask", []),
        clause!(when(C), "tell", []),
        clause!(when(A), "left", [B]),
        clause!(when(B), "right", [A, C]),
    ]);
    assert_eq!(defects::<4, 3>(&RING), [(NEVER_REACHED, "A")]);
}

const fn fallible(name: &'static str, line: u32) -> HandlerDesc {
    HandlerDesc::new(name, "", Location::new("", line, 0), &[], &[], true)
}

#[test]
fn a_rescue_runs_only_where_its_handler_does() {
    const RISKY: HandlerDesc = fallible("risky", 1);
    const OTHER: HandlerDesc = fallible("other", 2);
    const AGAIN: &[HandlerDesc] = &[handler("again", &[A])];
    const fn rescue(handler: Option<HandlerDesc>) -> ClauseDesc {
        ClauseDesc::new(TriggerDesc::Rescue(handler), &[], AGAIN, HERE)
    }
    const fn runs(trigger: TriggerDesc, route: &'static [StageDesc]) -> ClauseDesc {
        straight(trigger, IDLE, route)
    }
    const RISKY_STAGE: &[StageDesc] = &[StageDesc::Handler(RISKY)];
    const OTHER_STAGE: &[StageDesc] = &[StageDesc::Handler(OTHER)];
    const WITH_ELSE: &[StageDesc] = &[StageDesc::Else {
        route: OTHER_STAGE,
        stand_in: &[],
    }];
    const BEHIND: ClauseDesc = runs(when(A), RISKY_STAGE);
    let found = |first, rescues: &[Option<HandlerDesc>]| {
        let mut clauses = vec![first];
        clauses.extend(rescues.iter().copied().map(rescue));
        clauses.push(BEHIND);
        let clauses = Box::leak(clauses.into_boxed_slice());
        match clauses.len() {
            3 => defects::<3, 1>(&graph(clauses)),
            _ => defects::<4, 1>(&graph(clauses)),
        }
    };
    let unreached = [(NEVER_REACHED, "A")];
    let begin = runs(START, &[]);
    assert_eq!(found(begin, &[Some(RISKY)]), unreached);
    assert_eq!(found(begin, &[None]), unreached);
    assert_eq!(found(runs(START, WITH_ELSE), &[None]), unreached);
    assert_eq!(found(runs(START, OTHER_STAGE), &[Some(RISKY)]), unreached);
    assert_eq!(found(runs(START, RISKY_STAGE), &[Some(RISKY)]), []);
    assert_eq!(found(runs(START, OTHER_STAGE), &[None]), []);
    assert_eq!(found(runs(TriggerDesc::Finally, OTHER_STAGE), &[None]), []);
}

#[test]
fn an_answer_comes_only_to_a_question_that_is_asked() {
    const ASK: &[StageDesc] = &[StageDesc::Ask { within: None }];
    const ANSWERED: ClauseDesc = clause!(TriggerDesc::Answered(A), "decide", [A, B]);
    const UNANSWERED: ClauseDesc = clause!(TriggerDesc::Unanswered(A), "lapse", [C]);
    const QUESTION: ClauseDesc = straight(when(A), IDLE, ASK);
    const NEVER: GraphDesc = graph(&[
        clause!(START, "begin", []),
        QUESTION,
        ANSWERED,
        UNANSWERED,
        clause!(when(B), "next", []),
        clause!(when(C), "expire", []),
    ]);
    const ASKED: GraphDesc = graph(&[
        clause!(START, "begin", [A]),
        QUESTION,
        ANSWERED,
        UNANSWERED,
        clause!(when(B), "next", []),
        clause!(when(C), "expire", []),
    ]);
    assert_eq!(defects::<6, 3>(&NEVER), [(NEVER_REACHED, "A")]);
    assert_eq!(defects::<6, 3>(&ASKED), []);
}

#[test]
fn an_event_without_a_partner_leads_only_to_its_own_else() {
    const BOTH: ClauseDesc = clause!(TriggerDesc::All(&[A, B]), "both", []);
    const LONE_A: ClauseDesc = clause!(TriggerDesc::LeftOver(A), "alone", [B]);
    const LONE_B: ClauseDesc = clause!(TriggerDesc::LeftOver(B), "alone", [B]);
    const A_COMES: &[ClauseDesc] = &[clause!(START, "begin", [A]), BOTH, LONE_A, LONE_B];
    const NONE_COMES: &[ClauseDesc] = &[
        clause!(START, "begin", []),
        BOTH,
        LONE_A,
        clause!(TriggerDesc::LeftOver(B), "alone", [A, B]),
    ];
    assert_eq!(defects::<4, 2>(&graph(A_COMES)), []);
    assert_eq!(defects::<4, 2>(&graph(NONE_COMES)), [(NEVER_REACHED, "A")]);
}

#[test]
fn a_handler_in_error_leaves_nothing_to_compare_with() {
    const CUT: GraphDesc = graph(&[
        ClauseDesc::new(START, &[], &[HandlerDesc::BROKEN], HERE),
        clause!(when(A), "reply", [B]),
    ]);
    assert_eq!(defects::<2, 1>(&CUT), []);
}

#[test]
fn an_event_under_two_names_is_found() {
    const TWICE: GraphDesc = graph(&[
        clause!(START, "ask", [A, B]),
        clause!(when(A), "reply", []),
        clause!(when(B), "tell", []),
        clause!(when(A), "log", []),
    ]);
    let analysis = Analysis::<4, 3>::new(&TWICE);
    let defect = |groups: [usize; 3], wait| dead_wait(&TWICE, &analysis, &groups, wait, 0);
    assert_eq!(defect([0, 1, 2], 1), NONE);
    assert_eq!(defect([0, 1, 2], 2), SPELLED_TWICE);
    assert_eq!(defect([0, 1, 0], 2), NONE);
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

#[test]
fn a_clause_that_leads_to_itself_at_once_is_endless() {
    const TICKS: GraphDesc = graph(&[BEGIN, at_once!(when(A), "again", A)]);
    assert_eq!(defects::<2, 1>(&TICKS), [(ENDLESS, "A")]);
}

#[test]
fn a_cycle_is_reported_once_at_its_first_clause() {
    const RING: GraphDesc = graph(&[
        BEGIN,
        at_once!(when(B), "two", C),
        at_once!(when(C), "three", A),
        at_once!(when(A), "one", B),
        at_once!(when(A), "beside", C),
    ]);
    let analysis = Analysis::<5, 4>::new(&RING);
    let at = (0..5).filter(|clause| analysis.endless.never_yields[*clause]);
    assert_eq!(at.collect::<Vec<_>>(), [1]);
    assert_eq!(defects::<5, 4>(&RING), [(ENDLESS, "B")]);
}

/// `when E -> handler -> emit`, with a handler that only returns.
macro_rules! returned_at_once {
    ($trigger:expr, $name:literal, $count:expr) => {
        straight(
            $trigger,
            &[handler($name, &[]).success(&[Alternative::new(&[])])],
            &[
                StageDesc::Handler(handler($name, &[]).success(&[Alternative::new(&[])])),
                StageDesc::Emit {
                    events: &[A],
                    shape: Shape::new(&[Alternative::new(&[$count])], &[]),
                },
            ],
        )
        .emits(&[&[A]])
    };
}

#[test]
fn a_cycle_through_returned_events_is_endless_where_one_is_always_returned() {
    const ONE: GraphDesc = graph(&[
        BEGIN,
        returned_at_once!(when(A), "again", Count::exactly(1)),
    ]);
    const OPTIONAL: GraphDesc = graph(&[
        BEGIN,
        returned_at_once!(when(A), "perhaps", Count::between(0, 1)),
    ]);
    assert_eq!(defects::<2, 1>(&ONE), [(ENDLESS, "A")]);
    assert_eq!(defects::<2, 1>(&OPTIONAL), []);
}

#[test]
fn a_returned_event_without_a_clause_is_named() {
    const OPEN: GraphDesc = graph(&[
        straight(START, &[handler("check", &[])], &[]).emits(&[&[A], &[B, A, C]]),
        clause!(when(A), "next", []),
    ]);
    let analysis = Analysis::<2, 1>::new(&OPEN);
    let found = |emit, skipped| unhandled_emit(&OPEN, &analysis, 0, emit, skipped);
    assert_eq!(found(0, 0), NONE);
    assert_eq!([found(1, 0), found(1, 1), found(1, 2)], [1, 3, NONE]);
    // What comes from an `emit` is a source.
    assert_eq!(defects::<2, 1>(&OPEN), []);
}

#[test]
fn cycles_that_share_nothing_are_two_defects() {
    const TWO: GraphDesc = graph(&[
        straight(START, &[handler("begin", &[A, B]).success(MAYBE)], &[]),
        at_once!(when(A), "left", A),
        at_once!(when(B), "right", B),
    ]);
    assert_eq!(defects::<3, 2>(&TWO).len(), 2);
}

#[test]
fn what_may_end_or_wait_is_not_endless() {
    const AGAIN: ClauseDesc = at_once!(when(A), "again", A);
    const RING: [ClauseDesc; 2] = [at_once!(when(A), "one", B), at_once!(when(B), "two", A)];
    /// Emits `A`, and may stop the execution.
    const OPEN: ClauseDesc = clause!(START, "begin", [A]);
    const FAILING: HandlerDesc = HandlerDesc::new("begin", "", HERE, &[], &[A], true)
        .success(MAYBE)
        .failure(MAYBE, MAYBE);
    const FAILS: ClauseDesc = straight(START, &[FAILING], &[StageDesc::Handler(FAILING)]);
    const ENDS: ClauseDesc =
        ClauseDesc::new(START, &[], &[handler("begin", &[A]).success(MAYBE)], HERE).ends_now();
    const WAITS: ClauseDesc = straight(
        when(B),
        &[handler("wait", &[A]).success(MAYBE)],
        &[StageDesc::Handler(handler("wait", &[A]))],
    );
    for graph in [
        graph(&[OPEN, AGAIN]),
        graph(&[FAILS, AGAIN]),
        graph(&[ENDS, AGAIN]),
    ] {
        assert_eq!(defects::<2, 1>(&graph), []);
    }
    assert_eq!(defects::<3, 2>(&graph(&[BEGIN, RING[0], WAITS])), []);
    assert_eq!(defects::<3, 2>(&graph(&[BEGIN, RING[0], RING[1]])).len(), 1);
    let external = GraphDesc {
        external: &[A],
        ..graph(&[BEGIN, AGAIN])
    };
    assert_eq!(defects::<2, 1>(&external), []);
}

/// A call suspends, and emits the one event of the handler.
const WAITS: &[Alternative] = &[Alternative::new(&[Count::exactly(1)]).waits()];
const WAITING: HandlerDesc = handler("wait", &[A]).success(WAITS);
const WAIT: ClauseDesc = straight(when(A), &[WAITING], &[StageDesc::Handler(WAITING)]);

#[test]
fn a_cycle_that_waits_is_a_defect_only_after_an_end() {
    const WORK: HandlerDesc = handler("work", &[A]).success(ALWAYS);
    const START_ALONE: ClauseDesc = straight(START, &[WORK], &[StageDesc::Handler(WORK)]);
    const START_AND_END: ClauseDesc =
        straight(START, &[WORK], &[StageDesc::Handler(WORK), StageDesc::End]).ends();
    const MAY_BEGIN: HandlerDesc = handler("work", &[A]).success(MAYBE);
    const MAY_LEAD_THERE: ClauseDesc = straight(
        START,
        &[MAY_BEGIN],
        &[StageDesc::Handler(MAY_BEGIN), StageDesc::End],
    )
    .ends();
    assert_eq!(defects::<2, 1>(&graph(&[START_ALONE, WAIT])), []);
    assert_eq!(defects::<2, 1>(&graph(&[MAY_LEAD_THERE, WAIT])), []);
    let outlives = graph(&[START_AND_END, WAIT]);
    assert_eq!(defects::<2, 1>(&outlives), [(OUTLIVES_THE_END, "A")]);
    for limited in [
        outlives.timeout(Duration::from_secs(1)),
        outlives.drain(Duration::from_secs(1)),
        outlives.max_events(9),
    ] {
        assert_eq!(defects::<2, 1>(&limited), []);
    }
}

#[test]
fn a_cycle_goes_on_whichever_way_it_goes() {
    const EITHER: &[Alternative] = &[
        Alternative::new(&[Count::exactly(1), Count::exactly(0)]),
        Alternative::new(&[Count::exactly(0), Count::at_least(1)]),
    ];
    const BOTH: &[Alternative] = &[Alternative::new(&[Count::exactly(1), Count::exactly(1)])];
    const ONE_OF_TWO: HandlerDesc = handler("either", &[A, B]).success(EITHER);
    const BOTH_OF_THEM: HandlerDesc = handler("both", &[A, B]).success(BOTH);
    const fn at(
        trigger: TriggerDesc,
        handler: &'static HandlerDesc,
        route: &'static [StageDesc],
    ) -> ClauseDesc {
        straight(trigger, std::slice::from_ref(handler), route)
    }
    const EITHER_STAGE: &[StageDesc] = &[StageDesc::Handler(ONE_OF_TWO)];
    const BOTH_STAGE: &[StageDesc] = &[StageDesc::Handler(BOTH_OF_THEM)];
    const AB: TriggerDesc = TriggerDesc::All(&[A, B]);
    const BEGIN_BOTH: ClauseDesc = straight(
        START,
        &[handler("begin", &[A, B]).success(MAYBE)],
        &[StageDesc::Handler(handler("begin", &[A, B]).success(MAYBE))],
    );
    const DONE: ClauseDesc = clause!(when(B), "done", []);
    let leads_on = graph(
        const {
            &[
                BEGIN_BOTH,
                at(when(A), &ONE_OF_TWO, EITHER_STAGE),
                at(when(B), &ONE_OF_TWO, EITHER_STAGE),
            ]
        },
    );
    assert_eq!(defects::<3, 2>(&leads_on), [(ENDLESS, "A")]);
    let one_leads_out =
        graph(const { &[BEGIN_BOTH, at(when(A), &ONE_OF_TWO, EITHER_STAGE), DONE] });
    assert_eq!(defects::<3, 2>(&one_leads_out), []);
    let partners = graph(const { &[BEGIN_BOTH, at(AB, &BOTH_OF_THEM, BOTH_STAGE)] });
    assert_eq!(defects::<2, 2>(&partners), [(ENDLESS, "A")]);
    let without_a_partner = graph(const { &[BEGIN_BOTH, at(AB, &ONE_OF_TWO, EITHER_STAGE)] });
    assert_eq!(defects::<2, 2>(&without_a_partner), []);
}

#[test]
fn the_nastiest_order_of_a_long_chain_is_checked_in_time() {
    // Each clause leads to the next in the text, but every second one is further on.
    const LENGTH: usize = 800;
    static EVENTS: [EventDesc; LENGTH] = {
        let mut events = [A; LENGTH];
        let mut i = 0;
        while i < LENGTH {
            events[i].id = i as u64 * 7919 + 1;
            i += 1;
        }
        events
    };
    let leak = |handler: HandlerDesc| &*Box::leak(Box::new([handler]));
    let clause = |trigger, emits: &'static [EventDesc]| {
        let handler = handler("on", emits).success(ALWAYS);
        let route = Box::leak(Box::new([StageDesc::Handler(handler)]));
        straight(trigger, leak(handler), route)
    };
    // 0 → 199 → 1 → 198 → 2 → …: each pass in either direction removes one clause.
    let order = |n: usize| {
        if n.is_multiple_of(2) {
            n / 2
        } else {
            LENGTH - 1 - n / 2
        }
    };
    let mut clauses = vec![None; LENGTH];
    for n in 0..LENGTH {
        let emits = EVENTS.get(n + 1..).unwrap_or_default();
        clauses[order(n)] = Some(clause(when(EVENTS[n]), &emits[..emits.len().min(1)]));
    }
    let mut clauses: Vec<_> = clauses.into_iter().flatten().collect();
    clauses.insert(0, clause(START, &EVENTS[..1]));
    let graph = graph(Box::leak(clauses.into_boxed_slice()));
    let begun = std::time::Instant::now();
    let analysis = Analysis::<{ LENGTH + 1 }, LENGTH>::new(&graph);
    assert_eq!(analysis.endless.never_yields, [false; LENGTH + 1]);
    // With a pass for each clause, it would be twice as much.
    assert!(begun.elapsed() < Duration::from_millis(10));
}

#[test]
fn what_is_emitted_without_being_declared_is_no_second_defect() {
    const UNDECLARED: GraphDesc = graph(&[
        straight(START, &[handler("begin", &[]).undeclared(&["A"])], &[]),
        clause!(when(A), "reply", [B]),
        clause!(when(B), "tell", []),
    ]);
    assert_eq!(defects::<3, 2>(&UNDECLARED), []);
}

/// The limit of a flow with one clause that its handler exceeds.
fn too_long(graph: &GraphDesc) -> Overlong {
    exceeds_timeout(graph, &Analysis::<1, 0>::new(graph), 0, 0)
}

#[test]
fn a_handler_may_take_as_long_as_its_flow_and_no_longer() {
    const SECOND: Duration = Duration::from_secs(1);
    const FETCH: HandlerDesc = handler("fetch", &[]).timeout(SECOND).attempts(3);
    const CLAUSES: &[ClauseDesc] = &[ClauseDesc::new(START, &[], &[FETCH], HERE)];
    const SILENT: &[ClauseDesc] = &[ClauseDesc::new(START, &[], &[FETCH.silent()], HERE)];
    let kind = |graph: GraphDesc| too_long(&graph).kind;
    assert_eq!(kind(graph(CLAUSES)), NONE);
    assert_eq!(kind(graph(CLAUSES).timeout(SECOND * 3)), NONE);
    assert_eq!(kind(graph(CLAUSES).idle_timeout(SECOND)), NONE);
    assert_eq!(
        too_long(&graph(CLAUSES).timeout(SECOND * 2)),
        Overlong {
            kind: REPEATED_TOO_LONG,
            times: 3,
            each: 1,
            allowed: 2,
            needed: 3,
            unit: SECONDS
        }
    );
    assert_eq!(
        kind(graph(CLAUSES).idle_timeout(SECOND / 2)),
        NONE,
        "it may put or emit something meanwhile"
    );
    assert_eq!(
        too_long(&graph(SILENT).idle_timeout(SECOND / 2)),
        Overlong {
            kind: IDLE_TOO_LONG,
            times: 1,
            each: 1_000,
            allowed: 500,
            needed: 1_000,
            unit: MILLISECONDS
        }
    );
}

#[test]
fn the_finally_and_what_it_leads_to_may_take_longer_than_the_flow() {
    const SECOND: Duration = Duration::from_secs(1);
    const SETTLE: HandlerDesc = handler("settle", &[A]).timeout(Duration::from_secs(9));
    const TELL: HandlerDesc = handler("tell", &[]).timeout(Duration::from_secs(9));
    const FINALLY: ClauseDesc = ClauseDesc::new(TriggerDesc::Finally, &[], &[SETTLE], HERE);
    const WHEN: ClauseDesc = ClauseDesc::new(when(A), &[], &[TELL], HERE);
    const CLAUSES: &[ClauseDesc] = &[clause!(START, "begin", []), WHEN, FINALLY];
    const TAKEN_BEFORE: &[ClauseDesc] = &[clause!(START, "begin", [A]), WHEN, FINALLY];
    const CALLED_BEFORE: &[ClauseDesc] =
        &[ClauseDesc::new(START, &[], &[SETTLE], HERE), WHEN, FINALLY];
    let kinds = |clauses: &'static [ClauseDesc]| {
        let graph = graph(clauses).timeout(SECOND).idle_timeout(SECOND);
        let analysis = Analysis::<3, 1>::new(&graph);
        [1, 2].map(|clause| exceeds_timeout(&graph, &analysis, clause, 0).kind)
    };
    assert_eq!(kinds(CLAUSES), [NONE, NONE]);
    assert_eq!(kinds(TAKEN_BEFORE), [TOO_LONG, NONE]);
    assert_eq!(kinds(CALLED_BEFORE), [TOO_LONG, TOO_LONG]);
}

#[test]
fn durations_beyond_all_numbers_are_cut() {
    const FETCH: HandlerDesc = handler("fetch", &[]).timeout(Duration::MAX).attempts(3);
    const CLAUSES: &[ClauseDesc] = &[ClauseDesc::new(START, &[], &[FETCH], HERE)];
    let limit = too_long(&graph(CLAUSES).timeout(Duration::from_nanos(1)));
    assert_eq!((limit.kind, limit.allowed), (REPEATED_TOO_LONG, 1));
    assert_eq!((limit.each, limit.needed), (u64::MAX, u64::MAX));
}

#[test]
fn a_question_may_wait_as_long_as_its_flow_and_no_longer() {
    const HOUR: Duration = Duration::from_secs(3_600);
    const ASK: &[StageDesc] = &[StageDesc::Ask { within: Some(HOUR) }];
    const FOR_EVER: &[StageDesc] = &[StageDesc::Ask { within: None }];
    const CLAUSES: &[ClauseDesc] = &[
        ClauseDesc::new(when(A), ASK, &[], HERE),
        ClauseDesc::new(when(B), FOR_EVER, &[], HERE),
        clause!(START, "begin", [A, B]),
    ];
    let waits = |graph: GraphDesc, clause| {
        waits_beyond_timeout(&graph, &Analysis::<3, 2>::new(&graph), clause)
    };
    let kind = |graph: GraphDesc, clause| waits(graph, clause).kind;
    assert_eq!(kind(graph(CLAUSES), 0), NONE);
    assert_eq!(kind(graph(CLAUSES).timeout(HOUR), 0), NONE);
    assert_eq!(kind(graph(CLAUSES).idle_timeout(HOUR / 2), 0), NONE);
    assert_eq!(kind(graph(CLAUSES).timeout(HOUR / 2), 1), NONE);
    assert_eq!(kind(graph(CLAUSES).timeout(HOUR / 2), 2), NONE);
    assert_eq!(
        waits(graph(CLAUSES).timeout(HOUR / 2), 0),
        Overlong {
            kind: DEFECT,
            times: 1,
            each: 60,
            allowed: 30,
            needed: 60,
            unit: MINUTES
        }
    );
}

#[test]
fn a_flow_within_another_is_not_compared_with_it() {
    const INNER: GraphDesc = GraphDesc::new("Inner", "", HERE).timeout(Duration::from_secs(90));
    const CLAUSES: &[ClauseDesc] = &[ClauseDesc::new(
        START,
        &[],
        &[HandlerDesc::flow(&INNER)],
        HERE,
    )];
    let outer = graph(CLAUSES).timeout(Duration::from_secs(60));
    assert_eq!(too_long(&outer).kind, NONE);
}

/// Emits `A` or `B`.
const EITHER_ALONE: &[Alternative] = &[
    Alternative::new(&[Count::exactly(1), Count::exactly(0)]),
    Alternative::new(&[Count::exactly(0), Count::exactly(1)]),
];

#[test]
fn partners_exclude_each_other_if_one_call_emits_either() {
    const D: EventDesc = event("D");
    const CHOOSE: HandlerDesc = handler("choose", &[A, B]).success(EITHER_ALONE);
    const BOTH: TriggerDesc = TriggerDesc::All(&[A, B]);
    const BEHIND: TriggerDesc = TriggerDesc::All(&[C, B]);
    const ONCE: ClauseDesc = straight(START, &[CHOOSE], &[StageDesc::Handler(CHOOSE)]);
    const AWAIT: ClauseDesc = clause!(BOTH, "both", []);
    const EACH: ClauseDesc = straight(
        START,
        &[CHOOSE],
        &[StageDesc::Each {
            route: &[StageDesc::Handler(CHOOSE)],
            limit: None,
        }],
    );
    const RETRIED: HandlerDesc = CHOOSE.attempts(2);
    const AGAIN: ClauseDesc = straight(START, &[RETRIED], &[StageDesc::Handler(RETRIED)]);
    const SOME: HandlerDesc = handler("some", &[D]).success(ALWAYS);
    const MANY: HandlerDesc = handler("many", &[D]).success(MAYBE);
    const FROM_ONE: ClauseDesc = straight(START, &[SOME], &[StageDesc::Handler(SOME)]);
    const FROM_MANY: ClauseDesc = straight(START, &[MANY], &[StageDesc::Handler(MANY)]);
    const ON_D: ClauseDesc = straight(when(D), &[CHOOSE], &[StageDesc::Handler(CHOOSE)]);
    const FURTHER: GraphDesc = graph(&[
        ONCE,
        clause!(when(A), "next", [C]),
        clause!(BEHIND, "late", []),
    ]);
    const OTHER_SOURCE: GraphDesc = graph(&[
        ONCE,
        clause!(when(A), "next", [B]),
        clause!(BOTH, "both", []),
    ]);
    fn excluded<const N: usize, const W: usize>(graph: &GraphDesc) -> u8 {
        let analysis = Analysis::<N, W>::new(graph);
        excluded_partners(graph, &analysis, N - 1, 0, 1)
    }
    assert_eq!(excluded::<2, 2>(&graph(&[ONCE, AWAIT])), IN_ONE_BODY);
    assert_eq!(
        excluded::<3, 3>(&graph(&[FROM_ONE, ON_D, AWAIT])),
        IN_ONE_BODY
    );
    assert_eq!(excluded::<3, 3>(&FURTHER), IN_ONE_BODY);
    // More than one call, or another source.
    assert_eq!(excluded::<2, 2>(&graph(&[EACH, AWAIT])), NONE);
    assert_eq!(excluded::<2, 2>(&graph(&[AGAIN, AWAIT])), NONE);
    assert_eq!(excluded::<3, 3>(&graph(&[FROM_MANY, ON_D, AWAIT])), NONE);
    assert_eq!(excluded::<3, 3>(&OTHER_SOURCE), NONE);
    let external = GraphDesc {
        external: &[B],
        ..graph(&[ONCE, AWAIT])
    };
    assert_eq!(excluded::<2, 2>(&external), NONE);
}
