use crate::graph::check::sound::tests::{
    A, B, BOTH, CLAUSE, HERE, NONE, ONE, START, WHEN_A, WHEN_B, choice, clause, each, emits, event,
    flow, found, handler, join, leak, quiet, when,
};
use crate::graph::check::sound::{
    DEAD_END, ENDS_HERE, Finding, GOES_ON, IGNORED, LOOP, MAY_STOP_SHORT, STAGE, STOPS, UNKNOWN,
    findings,
};
use crate::graph::desc::{ClauseDesc, GraphDesc, HandlerDesc, StageDesc, TriggerDesc};
use crate::graph::event::EventDesc;
use crate::graph::shape::{Alternative, Count, Shape};
use StageDesc::{End, Handler};

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
        number: 3,
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
        number: 2,
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

#[test]
fn a_long_chain_is_proved_in_any_order_of_its_clauses() {
    const LENGTH: usize = 200;
    let name = |n: usize| &*Box::leak(format!("E{n}").into_boxed_str());
    let events: Vec<_> = (0..=LENGTH).map(|n| event(name(n))).collect();
    // Each pass over the text, in either direction, would do one clause.
    let mut chain = vec![None; LENGTH];
    for n in 0..LENGTH {
        let place = if n % 2 == 0 {
            n / 2
        } else {
            LENGTH - 1 - n / 2
        };
        let next = [Handler(emits("next", &events[n + 1..n + 2]))];
        chain[place] = Some(when(events[n], next));
    }
    let begin = clause(START, [Handler(emits("begin", &events[..1]))]);
    let last = when(events[LENGTH], [End]);
    let chain = chain.into_iter().flatten();
    assert_eq!(found(&flow([begin, last].into_iter().chain(chain))), []);
}
