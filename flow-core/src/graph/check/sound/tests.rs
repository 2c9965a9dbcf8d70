use super::{
    DEAD_END, ENDS_HERE, Finding, GOES_ON, IGNORED, LEAVES_OVER, LOOP, LOSES_UPDATE,
    MAY_STOP_SHORT, MIXED_UP, Runs, STAGE, STOPS, UNKNOWN, UNPAIRED, called_again, findings,
};
use crate::graph::check::analysis::Analysis;
use crate::graph::desc::{ArmDesc, ClauseDesc, GraphDesc, HandlerDesc, StageDesc, TriggerDesc};
use crate::graph::event::EventDesc;
use crate::graph::location::Location;
use crate::graph::shape::{Alternative, Count, Shape};

const HERE: Location = Location::new("", 0, 0);

const fn event(name: &'static str) -> EventDesc {
    EventDesc::new(name, "", name, HERE)
}

const A: EventDesc = event("A");
const B: EventDesc = event("B");
const C: EventDesc = event("C");
const D: EventDesc = event("D");
const BOTH: TriggerDesc = TriggerDesc::All(&[A, B]);
const CLAUSE: usize = Finding::CLAUSE;
/// It may be called again, or not.
const YES: u8 = 1;
const NO: u8 = 0;
const START: TriggerDesc = TriggerDesc::Start;
const WHEN_A: TriggerDesc = TriggerDesc::Event(A);
const WHEN_B: TriggerDesc = TriggerDesc::Event(B);
const NONE: Count = Count::exactly(0);
const ONE: Count = Count::exactly(1);
const TWO: Count = Count::exactly(2);
const THREE: Count = Count::exactly(3);
const SIX: Count = Count::exactly(6);

fn leak<T>(items: Vec<T>) -> &'static [T] {
    Box::leak(items.into_boxed_slice())
}

/// A handler that may go these ways.
fn handler(name: &'static str, emits: &[EventDesc], ways: &[&'static [Count]]) -> HandlerDesc {
    let ways = ways.iter().map(|way| Alternative::new(way)).collect();
    HandlerDesc::new(name, "", HERE, &[], leak(emits.to_vec()), false).success(leak(ways))
}

/// A handler that emits nothing.
fn quiet(name: &'static str) -> HandlerDesc {
    handler(name, &[], &[&[]])
}

/// A handler that emits one of each.
fn emits(name: &'static str, events: &[EventDesc]) -> HandlerDesc {
    handler(name, events, &[leak(vec![ONE; events.len()])])
}

fn clause(trigger: TriggerDesc, stages: impl IntoIterator<Item = StageDesc>) -> ClauseDesc {
    let route = leak(stages.into_iter().collect());
    let mut handlers = Vec::new();
    collect(route, &mut handlers);
    ClauseDesc::new(trigger, route, leak(handlers), HERE)
}

fn collect(route: &[StageDesc], handlers: &mut Vec<HandlerDesc>) {
    for stage in route {
        match stage {
            Handler(handler) => handlers.push(*handler),
            StageDesc::Join(routes) | StageDesc::First(routes) => {
                routes.iter().for_each(|route| collect(route, handlers));
            }
            StageDesc::Choice(arms) => arms.iter().for_each(|arm| collect(arm.route, handlers)),
            StageDesc::Each { route, .. } => collect(route, handlers),
            StageDesc::Else { route, stand_in } => {
                collect(route, handlers);
                collect(stand_in, handlers);
            }
            _ => {}
        }
    }
}

use StageDesc::{End, Handler};

fn choice(arms: impl IntoIterator<Item = Vec<StageDesc>>) -> StageDesc {
    let arms = arms.into_iter().map(|route| ArmDesc::new("", leak(route)));
    StageDesc::Choice(leak(arms.collect()))
}

fn join(branches: impl IntoIterator<Item = Vec<StageDesc>>) -> StageDesc {
    StageDesc::Join(leak(branches.into_iter().map(leak).collect()))
}

fn each(route: Vec<StageDesc>) -> StageDesc {
    StageDesc::Each {
        route: leak(route),
        limit: None,
    }
}

/// A flow with an output.
fn flow(clauses: impl IntoIterator<Item = ClauseDesc>) -> GraphDesc {
    let clauses = leak(clauses.into_iter().collect());
    let graph = GraphDesc::new("", "", HERE).types("()", Some("u32"), "String");
    graph.wiring(clauses, &[], &[])
}

/// The kinds of the findings, with their clauses and handlers.
fn found(graph: &GraphDesc) -> Vec<(u8, usize, usize)> {
    let all = findings(graph);
    let short = |found: &Finding| (found.kind, found.clause, found.handler);
    all.iter().map(short).collect()
}

#[test]
fn a_chain_of_events_to_the_end_is_proved() {
    let begin = Handler(emits("begin", &[A]));
    let graph = flow([
        clause(START, [begin]),
        clause(WHEN_A, [Handler(quiet("on")), End]),
    ]);
    assert_eq!(found(&graph), []);
    assert_eq!(
        found(&flow([clause(START, [Handler(quiet("on")), End])])),
        []
    );
}

#[test]
fn a_handler_that_may_emit_nothing_is_found_with_the_event_that_leads_on() {
    let check = handler("check", &[B, A], &[&[NONE, ONE], &[NONE, NONE]]);
    let graph = flow([
        clause(START, [Handler(check)]),
        clause(WHEN_A, [Handler(quiet("on")), End]),
        clause(WHEN_B, [Handler(quiet("aside"))]),
    ]);
    let expected = Finding {
        kind: MAY_STOP_SHORT,
        clause: 0,
        handler: 0,
        alternative: 1,
        event: 2,
        state: 0,
        line: 0,
        called: 0,
        least: 0,
        most: 0,
    };
    assert_eq!(findings(&graph), [expected]);
    // Aside is no way to the end.
    let aside = handler("check", &[B, A], &[&[NONE, ONE], &[ONE, NONE]]);
    let graph = flow([
        clause(START, [Handler(aside)]),
        clause(WHEN_A, [Handler(quiet("on")), End]),
        clause(WHEN_B, [Handler(quiet("aside"))]),
    ]);
    assert_eq!(found(&graph), [(DEAD_END, 2, 0)]);
    // But both may be.
    let graph = flow([
        clause(START, [Handler(aside)]),
        clause(WHEN_A, [Handler(quiet("on")), End]),
        clause(WHEN_B, [Handler(quiet("aside")), End]),
    ]);
    assert_eq!(found(&graph), []);
}

#[test]
fn an_unknown_shape_is_found() {
    let passes_on = HandlerDesc::new("passes_on", "", HERE, &[], &[A], false);
    let graph = flow([
        clause(START, [Handler(passes_on)]),
        clause(WHEN_A, [Handler(quiet("on")), End]),
    ]);
    assert_eq!(found(&graph), [(UNKNOWN, 0, 0)]);
}

#[test]
fn a_stop_is_found_wherever_it_is() {
    let stops = HandlerDesc::new("stops", "", HERE, &[], &[A], false)
        .success(leak(vec![Alternative::new(&[ONE]).stops()]));
    let graph = flow([
        clause(START, [Handler(quiet("begin")), Handler(stops), End]),
        clause(WHEN_A, [Handler(quiet("aside"))]),
    ]);
    assert_eq!(found(&graph), [(STOPS, 0, 1)]);
}

#[test]
fn every_arm_has_to_lead_on() {
    let ends = || vec![Handler(quiet("on")), End];
    let graph = flow([clause(
        START,
        [Handler(quiet("a")), choice([ends(), ends()])],
    )]);
    assert_eq!(found(&graph), []);
    let ignores = choice([ends(), vec![StageDesc::Ignore]]);
    let graph = flow([clause(START, [Handler(quiet("a")), ignores])]);
    assert_eq!(found(&graph), [(IGNORED, 0, 0)]);
    let ignores = choice([ends(), vec![StageDesc::Ignore]]);
    let graph = flow([
        clause(START, [Handler(emits("a", &[A]))]),
        clause(WHEN_A, [ignores]),
    ]);
    assert_eq!(found(&graph), [(ENDS_HERE, 1, CLAUSE)]);
}

#[test]
fn one_branch_of_a_join_is_enough_and_no_item_of_an_each() {
    let both = join([vec![Handler(emits("a", &[A]))], vec![Handler(quiet("b"))]]);
    let on = || clause(WHEN_A, [Handler(quiet("on")), End]);
    let graph = flow([clause(START, [both, Handler(quiet("c"))]), on()]);
    assert_eq!(found(&graph), []);
    let items = each(vec![Handler(emits("a", &[A]))]);
    let graph = flow([clause(START, [items, Handler(quiet("c"))]), on()]);
    assert_eq!(found(&graph), [(DEAD_END, 0, 1)]);
}

#[test]
fn a_loop_that_may_end_is_proved_and_one_that_leads_only_to_itself_is_not() {
    let again = handler("again", &[A, B], &[&[ONE, NONE], &[NONE, ONE]]);
    let graph = flow([
        clause(START, [Handler(emits("begin", &[A]))]),
        clause(WHEN_A, [Handler(again)]),
        clause(WHEN_B, [Handler(quiet("on")), End]),
    ]);
    assert_eq!(found(&graph), []);
    let both_ways = handler("begin", &[A, B], &[&[ONE, NONE], &[NONE, ONE]]);
    let graph = flow([
        clause(START, [Handler(both_ways)]),
        clause(WHEN_A, [Handler(emits("again", &[A]))]),
        clause(WHEN_B, [Handler(quiet("on")), End]),
    ]);
    assert_eq!(found(&graph), [(LOOP, 1, CLAUSE)]);
}

fn fails(handler: HandlerDesc) -> StageDesc {
    const NOTHING: &[Alternative] = &[Alternative::new(&[])];
    Handler(HandlerDesc {
        can_fail: true,
        shape: Shape {
            failure: NOTHING,
            ..handler.shape
        },
        ..handler
    })
}

#[test]
fn a_loop_that_goes_on_after_the_end_is_found() {
    let begins = || clause(START, [Handler(emits("begin", &[A, B]))]);
    let ends = || clause(WHEN_A, [Handler(quiet("last")), End]);
    let goes_on = |stages: Vec<StageDesc>| found(&flow([begins(), ends(), clause(WHEN_B, stages)]));
    let again = || Handler(emits("again", &[B]));
    let at_the_loop = [(GOES_ON, 2, CLAUSE)];
    assert_eq!(goes_on(vec![again()]), at_the_loop);
    // What may fail has a stand-in, so that nothing ends it.
    let with_else = StageDesc::Else {
        route: leak(vec![fails(quiet("work"))]),
        stand_in: leak(vec![Handler(quiet("gap"))]),
    };
    assert_eq!(goes_on(vec![again(), with_else]), at_the_loop);
    // Ways out.
    assert_eq!(goes_on(vec![again(), fails(quiet("work"))]), []);
    assert_eq!(goes_on(vec![again(), StageDesc::EndNow]), []);
    let sometimes = handler("sometimes", &[B], &[&[ONE], &[NONE]]);
    assert_eq!(goes_on(vec![Handler(sometimes)]), []);
    assert_eq!(goes_on(vec![each(vec![again()])]), []);
    let limited = flow([begins(), ends(), clause(WHEN_B, [again()])]);
    assert_eq!(found(&limited.max_events(100)), []);
}

#[test]
fn a_loop_through_an_else_goes_on_after_the_end_as_well() {
    let begins = |events: &[EventDesc]| clause(START, [Handler(emits("begin", events)), End]);
    let again = |event| [Handler(emits("again", &[event]))];
    let goes_on = |clauses: Vec<ClauseDesc>| {
        let all = found(&flow(clauses));
        all.iter().any(|finding| finding.0 == GOES_ON)
    };
    // Nothing is answered after the `end`.
    let asks = |without| {
        let asking = clause(WHEN_A, [StageDesc::Ask { within: None }]);
        let answered = clause(TriggerDesc::Answered(A), [Handler(quiet("decide"))]);
        vec![begins(&[A]), asking, answered, without]
    };
    let unanswered = TriggerDesc::Unanswered(A);
    assert!(goes_on(asks(clause(unanswered, again(A)))));
    assert!(!goes_on(asks(clause(unanswered, again(B)))));
    assert!(!goes_on(asks(clause(
        unanswered,
        [Handler(quiet("lapse"))]
    ))));
    // A lone partner comes back alone.
    let pairs = |of_a, of_b| {
        let left_over =
            |event, stages: Vec<StageDesc>| clause(TriggerDesc::LeftOver(event), stages);
        let pair = clause(BOTH, [Handler(quiet("pair"))]);
        vec![
            begins(&[A, B]),
            pair,
            left_over(A, of_a),
            left_over(B, of_b),
        ]
    };
    let take = || vec![Handler(quiet("take"))];
    assert!(goes_on(pairs(take(), again(B).into())));
    assert!(!goes_on(pairs(take(), take())));
    let times = TriggerDesc::Times {
        event: A,
        count: "3",
    };
    let three = |left| {
        let tally = clause(times, [Handler(quiet("tally"))]);
        vec![begins(&[A]), tally, clause(TriggerDesc::LeftOver(A), left)]
    };
    assert!(goes_on(three(again(A))));
    assert!(!goes_on(three([Handler(quiet("take"))])));
}

#[test]
fn what_is_not_proved_has_a_finding_although_the_clauses_lead_to_each_other() {
    // The last of several is left over, and its `else` may come to nothing.
    const MORE: &[Count] = &[Count::at_least(3)];
    let more = handler("more", &[B], &[MORE]);
    let pairs = TriggerDesc::Times {
        event: B,
        count: "2",
    };
    let left_over = flow([
        clause(START, [Handler(more)]),
        clause(pairs, [Handler(emits("again", &[B]))]),
        clause(TriggerDesc::LeftOver(B), [fails(quiet("take"))]),
        clause(TriggerDesc::Rescue(None), [End]),
    ]);
    assert_ne!(found(&left_over), []);
    // An `each` may have no item.
    let question = clause(WHEN_A, [StageDesc::Ask { within: None }]);
    let none = flow([
        clause(START, [Handler(emits("begin", &[B]))]),
        question,
        clause(TriggerDesc::Answered(A), [StageDesc::EndNow]),
        clause(TriggerDesc::Unanswered(A), [Handler(emits("again", &[B]))]),
        clause(WHEN_B, [each(vec![Handler(emits("ask", &[A]))])]),
    ]);
    assert_eq!(found(&none), [(ENDS_HERE, 4, CLAUSE)]);
}

#[test]
fn a_failure_that_is_told_is_no_defect_and_a_rescue_has_to_lead_on() {
    let fails = |name| {
        HandlerDesc::new(name, "", HERE, &[], &[], true)
            .success(leak(vec![Alternative::new(&[])]))
            .failure(leak(vec![Alternative::new(&[])]), &[])
    };
    let start = || clause(START, [Handler(fails("work")), End]);
    assert_eq!(found(&flow([start()])), []);
    let rescue = TriggerDesc::Rescue(Some(fails("work")));
    let noted = clause(rescue, [Handler(quiet("note"))]);
    assert_eq!(found(&flow([start(), noted])), [(DEAD_END, 1, 0)]);
    let ends = clause(rescue, [Handler(quiet("note")), End]);
    assert_eq!(found(&flow([start(), ends])), []);
}

#[test]
fn a_stage_has_to_be_proved_itself() {
    let stage = |graph: GraphDesc| HandlerDesc::flow(leak(vec![graph]).first().unwrap());
    let inner = flow([clause(START, [Handler(quiet("on")), End])]);
    let outer = |inner| flow([clause(START, [Handler(stage(inner)), End])]);
    assert_eq!(found(&outer(inner)), [(STAGE, 0, 0)]);
    assert_eq!(found(&outer(inner.sound())), []);
    let without_output = GraphDesc {
        output: None,
        ..inner
    };
    assert_eq!(found(&outer(without_output)), []);
}

#[test]
fn a_clock_and_the_outside_lead_to_the_end() {
    let period = std::time::Duration::from_secs(1);
    let every = TriggerDesc::Every { period, text: "" };
    let ends = || choice([vec![Handler(quiet("on")), End], vec![StageDesc::Ignore]]);
    let start = || clause(START, [Handler(quiet("begin"))]);
    let graph = flow([start(), clause(every, [ends()])]);
    assert_eq!(found(&graph), []);
    let graph = flow([start(), clause(WHEN_A, [Handler(quiet("on")), End])]);
    assert_eq!(found(&graph), [(DEAD_END, 0, 0)]);
    let external = GraphDesc {
        external: &[A],
        ..graph
    };
    assert_eq!(found(&external), []);
}

/// A flow without an output.
fn without_output(clauses: impl IntoIterator<Item = ClauseDesc>) -> GraphDesc {
    GraphDesc {
        output: None,
        ..flow(clauses)
    }
}

fn when(event: EventDesc, stages: impl IntoIterator<Item = StageDesc>) -> ClauseDesc {
    clause(TriggerDesc::Event(event), stages)
}

fn done(trigger: TriggerDesc) -> ClauseDesc {
    clause(trigger, [Handler(quiet("done")), End])
}

fn a_and_b() -> StageDesc {
    join([
        vec![Handler(emits("a", &[A]))],
        vec![Handler(emits("b", &[B]))],
    ])
}

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
    let times = |count| TriggerDesc::Times { event: A, count };
    let votes = || {
        let vote = |name| vec![Handler(emits(name, &[A]))];
        clause(START, [join([vote("a"), vote("b"), vote("c")])])
    };
    assert_eq!(found(&flow([votes(), done(times("3"))])), []);
    let graph = without_output([votes(), done(times("2"))]);
    assert_eq!(found(&graph), [(UNPAIRED, 1, CLAUSE)]);
    let six = handler("six", &[A], &[&[SIX], &[THREE]]);
    let graph = without_output([clause(START, [Handler(six)]), done(times("3"))]);
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
        done(times("2")),
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
fn the_nastiest_graphs_are_proved_in_time() {
    const LENGTH: usize = 200;
    let name = |n: usize| &*Box::leak(format!("E{n}").into_boxed_str());
    let events: Vec<_> = (0..=LENGTH).map(|n| event(name(n))).collect();
    let at = |n: usize| events.get(n % LENGTH).copied().unwrap();
    // Each clause waits for what the clauses around it emit on some paths, through nested choices.
    let wide = |n: usize| {
        let ways: Vec<&'static [Count]> = (0..8)
            .map(|way| {
                leak(
                    (0..3)
                        .map(|e| Count::exactly(u32::from(way >> e & 1 == 1)))
                        .collect(),
                )
            })
            .collect();
        Handler(handler("wide", &[at(n), at(n + 7), at(n + 31)], &ways))
    };
    let nested = |n: usize| choice([vec![wide(n), choice([vec![wide(n)], vec![End]])], vec![End]]);
    let partners = |n: usize| TriggerDesc::All(leak(vec![at(n), at(n + 1), at(n + 2)]));
    let clauses =
        (0..LENGTH).map(|n| clause(partners(n), [join([vec![nested(n)], vec![nested(n + 1)]])]));
    let begin = clause(START, [Handler(emits("begin", &events))]);
    let tangled = flow(std::iter::once(begin).chain(clauses));
    // A long loop in which each clause is a join, in the order that takes the most passes.
    let both = |n: usize| TriggerDesc::All(leak(vec![at(2 * n), at(2 * n + 1)]));
    let joins = (0..LENGTH / 2).rev().map(|n| {
        let next = [at(2 * n + 2), at(2 * n + 3)];
        clause(both(n), [Handler(emits("next", &next))])
    });
    let begin = clause(START, [Handler(emits("begin", &[at(0), at(1)]))]);
    let circle = without_output(std::iter::once(begin).chain(joins));
    // A chain in an order in which each pass over the text, in either direction, would do one
    // clause.
    let mut chain = vec![None; LENGTH];
    for n in 0..LENGTH {
        let place = if n % 2 == 0 {
            n / 2
        } else {
            LENGTH - 1 - n / 2
        };
        let next = [Handler(emits("next", &events[n + 1..n + 2]))];
        chain[place] = Some(when(at(n), next));
    }
    let begin = clause(START, [Handler(emits("begin", &[at(0)]))]);
    let last = when(events[LENGTH], [End]);
    let chain = flow([begin, last].into_iter().chain(chain.into_iter().flatten()));
    assert_eq!(found(&chain), []);
    for graph in [tangled, circle, chain] {
        let timer = std::time::Instant::now();
        let _ = findings(&graph);
        assert!(timer.elapsed() < std::time::Duration::from_millis(500));
    }
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

#[test]
fn a_handler_is_called_once_or_may_be_called_again() {
    fn called<const N: usize, const W: usize>(graph: &GraphDesc, clause: usize) -> u8 {
        let runs = Runs::new::<W, 64>(graph, &Analysis::new(graph));
        called_again::<N, W>(graph, &runs, clause, 0)
    }
    let book = || Handler(quiet("book").once());
    let begin = |event| clause(START, [Handler(emits("begin", &[event]))]);
    assert_eq!(
        called::<1, 0>(&without_output([clause(START, [book()])]), 0),
        NO
    );
    let in_each = [each(vec![book()])];
    assert_eq!(
        called::<1, 0>(&without_output([clause(START, in_each)]), 0),
        YES
    );
    let arms = [choice([vec![book()], vec![book()]])];
    assert_eq!(
        called::<1, 0>(&without_output([clause(START, arms)]), 0),
        NO
    );
    let again = handler("again", &[A, B], &[&[ONE, NONE], &[NONE, ONE]]);
    let after = [begin(A), when(A, [Handler(again)]), when(B, [book()])];
    assert_eq!(called::<3, 2>(&without_output(after), 2), NO);
    let within = [begin(A), when(A, [book(), Handler(again)]), when(B, [])];
    assert_eq!(called::<3, 2>(&without_output(within), 1), YES);
    let either = [
        clause(START, [Handler(again)]),
        when(A, [book()]),
        when(B, [book()]),
    ];
    assert_eq!(called::<3, 2>(&without_output(either), 1), NO);
    let both = [
        clause(START, [Handler(emits("both", &[A, B]))]),
        when(A, [book()]),
        when(B, [book()]),
    ];
    assert_eq!(called::<3, 2>(&without_output(both), 1), YES);
    let sent = GraphDesc {
        external: &[A],
        ..without_output([clause(START, []), when(A, [book()])])
    };
    assert_eq!(called::<2, 1>(&sent, 1), YES);
}

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
