//! Events without a clause, and clauses whose events never come.

use crate::graph::check::defects::{NAMESAKE, NEVER_EMITTED, NEVER_REACHED, NONE, SPELLED_TWICE};
use crate::graph::check::tests::{
    A, B, C, HERE, IDLE, START, defects, graph, handler, straight, when,
};
use crate::graph::check::{Analysis, dead_wait, unhandled_emit};
use crate::graph::desc::{ClauseDesc, GraphDesc, HandlerDesc, StageDesc, TriggerDesc};
use crate::graph::event::EventDesc;
use crate::graph::location::Location;

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
fn what_is_emitted_without_being_declared_is_no_second_defect() {
    const UNDECLARED: GraphDesc = graph(&[
        straight(START, &[handler("begin", &[]).undeclared(&["A"])], &[]),
        clause!(when(A), "reply", [B]),
        clause!(when(B), "tell", []),
    ]);
    assert_eq!(defects::<3, 2>(&UNDECLARED), []);
}
