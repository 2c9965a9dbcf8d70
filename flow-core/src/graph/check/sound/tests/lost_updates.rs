use crate::graph::check::sound::LOSES_UPDATE;
use crate::graph::check::sound::tests::{
    A, B, NONE, ONE, START, TWO, choice, clause, each, found, handler, join, leak, quiet, when,
    without_output,
};
use crate::graph::desc::{ClauseDesc, GraphDesc, HandlerDesc, StageDesc};
use crate::graph::shape::Count;
use StageDesc::Handler;

#[test]
fn an_update_may_be_lost_where_two_calls_run_at_a_time() {
    let count = || quiet("count").writes_back(&["Total"]);
    let serial = || HandlerDesc {
        concurrency: Some(1),
        ..count()
    };
    let of = |handler: HandlerDesc| Handler(handler);
    let begin = |way: &'static [Count]| clause(START, [Handler(handler("begin", &[A, B], &[way]))]);
    let lost = |clauses: Vec<ClauseDesc>| {
        let found = found(&without_output(clauses));
        assert!(
            found.iter().all(|found| found.0 == LOSES_UPDATE),
            "{found:?}"
        );
        !found.is_empty()
    };
    let limited = |limit| StageDesc::Each {
        route: leak(vec![of(count())]),
        limit: Some(limit),
    };
    let start = |stages: Vec<StageDesc>| vec![clause(START, stages)];

    assert!(lost(start(vec![each(vec![of(count())])])));
    assert!(lost(start(vec![limited("8")])));
    assert!(!lost(start(vec![limited("1")])));
    assert!(!lost(start(vec![limited("AT_A_TIME")])));
    assert!(!lost(start(vec![each(vec![of(serial())])])));
    assert!(!lost(start(vec![
        each(vec![Handler(quiet("other"))]),
        of(count())
    ])));
    assert!(!lost(start(vec![of(count()), of(count())])));
    assert!(!lost(start(vec![choice([
        vec![of(count())],
        vec![of(count())]
    ])])));

    // Two branches, of one handler or of two.
    let other = || quiet("other").writes_back(&["Plan", "Total"]);
    assert!(lost(start(vec![join([
        vec![of(count())],
        vec![of(count())]
    ])])));
    assert!(!lost(start(vec![join([
        vec![of(serial())],
        vec![of(serial())]
    ])])));
    assert!(lost(start(vec![join([
        vec![of(serial())],
        vec![of(other())]
    ])])));
    let plan = quiet("plan").writes_back(&["Plan"]);
    assert!(!lost(start(vec![join([
        vec![of(count())],
        vec![of(plan)]
    ])])));
    assert!(!lost(start(vec![join([
        vec![of(count())],
        vec![Handler(quiet("b"))]
    ])])));

    // Two clauses for one event, and several events.
    let beside = |handler| {
        vec![
            begin(&[ONE, NONE]),
            when(A, [of(count())]),
            when(A, [handler]),
        ]
    };
    assert!(lost(beside(of(other()))));
    assert!(!lost(beside(Handler(quiet("b")))));
    assert!(!lost(vec![begin(&[ONE, NONE]), when(A, [of(count())])]));
    assert!(lost(vec![begin(&[TWO, NONE]), when(A, [of(count())])]));
    assert!(!lost(vec![begin(&[TWO, NONE]), when(A, [of(serial())])]));

    // A loop, in which one is under way at a time, and events from outside.
    let again = handler("again", &[A], &[&[ONE], &[NONE]]).writes_back(&["Total"]);
    assert!(!lost(vec![begin(&[ONE, NONE]), when(A, [of(again)])]));
    let sent = |handler| {
        let flow = without_output([clause(START, []), when(A, [handler])]);
        let flow = GraphDesc {
            external: &[A],
            ..flow
        };
        found(&flow)
    };
    assert_eq!(sent(of(count())), [(LOSES_UPDATE, 1, 0)]);
    assert_eq!(sent(of(serial())), []);

    // One attempt runs at a time in the whole execution.
    let flow = without_output(start(vec![each(vec![of(count())])]));
    assert_eq!(found(&flow.concurrency(1)), []);
}
