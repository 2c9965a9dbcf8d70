use crate::graph::check::sound::tests::{
    A, B, BOTH, C, CLAUSE, D, HERE, NONE, ONE, SIX, START, THREE, TWO, a_and_b, choice, clause,
    done, each, emits, flow, found, handler, join, leak, quiet, when, without_output,
};
use crate::graph::check::sound::{DEAD_END, LEAVES_OVER, MIXED_UP, UNPAIRED};
use crate::graph::desc::{GraphDesc, HandlerDesc, StageDesc, TriggerDesc};
use crate::graph::shape::Alternative;
use StageDesc::Handler;

#[test]
fn partners_from_one_activation_are_paired() {
    assert_eq!(found(&flow([clause(START, [a_and_b()]), done(BOTH)])), []);
    let in_turn = [Handler(emits("a", &[A])), Handler(emits("b", &[B]))];
    assert_eq!(found(&flow([clause(START, in_turn), done(BOTH)])), []);
    let by_events = flow([
        clause(START, [Handler(emits("begin", &[C]))]),
        when(C, [Handler(emits("a", &[A]))]),
        when(C, [Handler(emits("b", &[B]))]),
        done(BOTH),
    ]);
    assert_eq!(found(&by_events), []);
    let arms = || {
        choice([
            vec![Handler(emits("one", &[A]))],
            vec![Handler(emits("other", &[A]))],
        ])
    };
    let all_arms = [join([vec![arms()], vec![Handler(emits("b", &[B]))]])];
    assert_eq!(found(&flow([clause(START, all_arms), done(BOTH)])), []);
}

#[test]
fn a_partner_that_may_not_come_is_found_at_its_handler() {
    let maybe = handler("maybe", &[A], &[&[ONE], &[NONE]]);
    let graph = flow([
        clause(START, [Handler(emits("b", &[B])), Handler(maybe)]),
        done(BOTH),
    ]);
    assert_eq!(found(&graph), [(LEAVES_OVER, 0, 1)]);
    let either = [choice([
        vec![Handler(emits("a", &[A]))],
        vec![Handler(emits("b", &[B]))],
    ])];
    let graph = without_output([clause(START, either), done(BOTH)]);
    assert_eq!(found(&graph), [(UNPAIRED, 1, CLAUSE)]);
    let two = handler("two", &[A], &[&[TWO]]);
    let graph = without_output([
        clause(START, [Handler(two), Handler(emits("b", &[B]))]),
        done(BOTH),
    ]);
    assert_eq!(found(&graph), [(UNPAIRED, 1, CLAUSE)]);
}

#[test]
fn an_else_takes_what_is_left_over() {
    let maybe = handler("maybe", &[A], &[&[ONE], &[NONE]]);
    let begin = clause(START, [Handler(maybe), Handler(emits("b", &[B]))]);
    let left_over = |event| done(TriggerDesc::LeftOver(event));
    let graph = flow([begin, done(BOTH), left_over(A), left_over(B)]);
    assert_eq!(found(&graph), []);
    let quietly = clause(TriggerDesc::LeftOver(B), [Handler(quiet("note"))]);
    let graph = flow([begin, done(BOTH), left_over(A), quietly]);
    assert_eq!(found(&graph), [(DEAD_END, 3, 0)]);
}

#[test]
fn pairs_of_a_loop_come_one_at_a_time() {
    let judge = handler("judge", &[C, D], &[&[ONE, NONE], &[NONE, ONE]]);
    let graph = flow([
        clause(START, [Handler(emits("begin", &[C]))]),
        when(C, [a_and_b()]),
        clause(BOTH, [Handler(judge)]),
        done(TriggerDesc::Event(D)),
    ]);
    assert_eq!(found(&graph), []);
    // The same by an event that two clauses take.
    let graph = flow([
        clause(START, [Handler(emits("begin", &[C]))]),
        when(C, [Handler(emits("a", &[A]))]),
        when(C, [Handler(emits("b", &[B]))]),
        clause(BOTH, [Handler(judge)]),
        done(TriggerDesc::Event(D)),
    ]);
    assert_eq!(found(&graph), []);
    // Two rounds at a time.
    let twice = handler("begin", &[C], &[&[TWO]]);
    let graph = flow([
        clause(START, [Handler(twice)]),
        when(C, [a_and_b()]),
        clause(BOTH, [Handler(judge)]),
        done(TriggerDesc::Event(D)),
    ]);
    assert_eq!(found(&graph), [(MIXED_UP, 2, CLAUSE)]);
}

#[test]
fn pairs_of_several_activations_need_a_field() {
    let items = || clause(START, [each(vec![Handler(emits("both", &[A, B]))])]);
    let pairs = clause(BOTH, [Handler(quiet("pair"))]);
    let graph = without_output([items(), pairs]);
    assert_eq!(found(&graph), [(MIXED_UP, 1, CLAUSE)]);
    let graph = without_output([items(), pairs.by(".order")]);
    assert_eq!(found(&graph), []);
    let sent = [
        clause(START, [Handler(quiet("begin"))]),
        when(C, [a_and_b()]),
        pairs,
    ];
    let external = GraphDesc {
        external: &[C],
        ..without_output(sent)
    };
    assert_eq!(found(&external), [(MIXED_UP, 2, CLAUSE)]);
    let partner = GraphDesc {
        external: &[B],
        ..without_output([clause(START, [Handler(emits("a", &[A]))]), pairs])
    };
    assert_eq!(found(&partner), [(UNPAIRED, 1, CLAUSE)]);
}

#[test]
fn so_many_of_an_event_are_counted() {
    let times = |number| TriggerDesc::Times {
        event: A,
        count: "LIMIT",
        number,
    };
    let votes = || {
        let vote = |name| vec![Handler(emits(name, &[A]))];
        clause(START, [join([vote("a"), vote("b"), vote("c")])])
    };
    assert_eq!(found(&flow([votes(), done(times(3))])), []);
    let graph = without_output([votes(), done(times(2))]);
    assert_eq!(found(&graph), [(UNPAIRED, 1, CLAUSE)]);
    let six = handler("six", &[A], &[&[SIX], &[THREE]]);
    let graph = without_output([clause(START, [Handler(six)]), done(times(3))]);
    assert_eq!(found(&graph), []);
    let rounds = without_output([
        clause(START, [each(vec![Handler(emits("round", &[C]))])]),
        when(
            C,
            [join([
                vec![Handler(emits("a", &[A]))],
                vec![Handler(emits("b", &[A]))],
            ])],
        ),
        done(times(2)),
    ]);
    assert_eq!(found(&rounds), []);
}

#[test]
fn a_stand_in_may_emit_the_partner() {
    let fails = HandlerDesc::new("work", "", HERE, &[], &[A], true)
        .success(leak(vec![Alternative::new(&[ONE])]))
        .failure(leak(vec![Alternative::new(&[NONE])]), &[]);
    let tried = |stand_in| StageDesc::Else {
        route: leak(vec![Handler(fails)]),
        stand_in: leak(vec![Handler(stand_in)]),
    };
    let begin = |stand_in| clause(START, [tried(stand_in), Handler(emits("b", &[B]))]);
    let graph = flow([begin(emits("instead", &[A])), done(BOTH)]);
    assert_eq!(found(&graph), []);
    let graph = without_output([begin(quiet("nothing")), done(BOTH)]);
    assert_eq!(found(&graph), [(UNPAIRED, 1, CLAUSE)]);
}

#[test]
fn only_what_runs_beside_a_question_may_be_dropped_with_it() {
    // Once the `end` is decided, the question is given up, and with it the whole route.
    let ask = || HandlerDesc {
        asks: Some(&D),
        ..quiet("ask")
    };
    let of = |stages: Vec<StageDesc>| {
        found(&GraphDesc {
            name: Some("Stage"),
            ..flow([clause(START, stages), done(BOTH)])
        })
    };
    let both = || Handler(emits("both", &[A, B]));
    let ask = || Handler(ask());
    let other = || Handler(quiet("other"));
    assert_eq!(of(vec![both(), join([vec![ask()], vec![other()]])]), []);
    assert_eq!(of(vec![join([vec![both(), ask()], vec![other()]])]), []);
    assert_eq!(
        of(vec![join([vec![ask()], vec![both()]])]),
        [(UNPAIRED, 1, CLAUSE)]
    );
    assert_eq!(
        of(vec![join([
            vec![ask()],
            vec![join([vec![both()], vec![other()]])]
        ])]),
        [(UNPAIRED, 1, CLAUSE)]
    );
    // What comes after it may never run.
    let after = |stage| {
        of(vec![
            Handler(emits("a", &[A])),
            stage,
            Handler(emits("b", &[B])),
        ])
    };
    assert_eq!(after(each(vec![other()])), []);
    assert_eq!(after(each(vec![ask()])), [(UNPAIRED, 1, CLAUSE)]);
    let first = StageDesc::First(leak(vec![leak(vec![ask()]), leak(vec![other()])]));
    assert_eq!(after(first), [(UNPAIRED, 1, CLAUSE)]);
    // The same where a branch fails, and something stands in for all.
    let fails = || {
        let failing = HandlerDesc::new("work", "", HERE, &[], &[], true);
        Handler(
            failing
                .success(leak(vec![Alternative::new(&[])]))
                .failure(leak(vec![Alternative::new(&[])]), &[]),
        )
    };
    let tried = |branches: [Vec<StageDesc>; 2]| {
        let tried = StageDesc::Else {
            route: leak(vec![join(branches)]),
            stand_in: leak(vec![other()]),
        };
        found(&without_output([clause(START, [tried]), done(BOTH)]))
    };
    assert_eq!(tried([vec![both(), fails()], vec![other()]]), []);
    assert_eq!(
        tried([vec![both()], vec![fails()]]),
        [(UNPAIRED, 1, CLAUSE)]
    );
}

#[test]
fn pairs_after_a_loop_and_in_it_come_one_at_a_time() {
    // `C` again and again, or `D`, which leads to the pair.
    let again = handler("again", &[C, D], &[&[ONE, NONE], &[NONE, ONE]]);
    let after = |both: [StageDesc; 2]| {
        flow([
            clause(START, [Handler(emits("begin", &[C]))]),
            when(C, [Handler(again)]),
            when(D, both),
            done(BOTH),
        ])
    };
    let pair = || [Handler(emits("a", &[A])), Handler(emits("b", &[B]))];
    assert_eq!(found(&after(pair())), []);
    // Each round may lead to a pair, while the next one begins.
    let beside = handler("again", &[C, D], &[&[ONE, ONE], &[NONE, ONE]]);
    let graph = flow([
        clause(START, [Handler(emits("begin", &[C]))]),
        when(C, [Handler(beside)]),
        when(D, pair()),
        done(BOTH),
    ]);
    assert_eq!(found(&graph), [(MIXED_UP, 3, CLAUSE)]);
}
