//! Loops that go on for ever, and what outlives the end.

use std::time::Duration;

use crate::graph::check::Analysis;
use crate::graph::check::defects::{ENDLESS, OUTLIVES_THE_END};
use crate::graph::check::tests::{
    A, ALWAYS, B, BEGIN, C, HERE, MAYBE, START, defects, graph, handler, straight, when,
};
use crate::graph::desc::{ClauseDesc, GraphDesc, HandlerDesc, StageDesc, TriggerDesc};
use crate::graph::event::EventDesc;
use crate::graph::shape::{Alternative, Count, Shape};

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
