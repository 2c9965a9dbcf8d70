//! Limits that others exceed.

use std::time::Duration;

use crate::graph::check::defects::{DEFECT, NONE};
use crate::graph::check::overlong::{IDLE_TOO_LONG, REPEATED_TOO_LONG, TOO_LONG};
use crate::graph::check::tests::{A, B, HERE, START, graph, handler, straight, when};
use crate::graph::check::{Analysis, Overlong, exceeds_timeout, waits_beyond_timeout};
use crate::graph::desc::{ClauseDesc, GraphDesc, HandlerDesc, StageDesc, TriggerDesc};

/// Places of units.
const MINUTES: u8 = 2;
const SECONDS: u8 = 3;
const MILLISECONDS: u8 = 4;

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
