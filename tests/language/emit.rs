//! `-> emit`: a handler returns its events.

use std::sync::{Arc, Mutex};

use flow_core::lifecycle::{LifecycleEvent, LifecycleKind};
use flow_core::testing::{Coverage, Edge};
use flow_core::{Cx, Ending, Event, Events, Failed, FlowErrorKind, Result, flow, handler};

use crate::items;

#[derive(Clone, Debug, Event, PartialEq)]
struct Passed(u32);

#[derive(Clone, Debug, Event, PartialEq)]
struct Rejected(String);

#[derive(Debug, Events, PartialEq)]
enum Verdict {
    Passed(Passed),
    Rejected { rejected: Rejected },
}

#[handler]
async fn check(score: u32) -> Verdict {
    if score >= 10 {
        Verdict::Passed(Passed(score))
    } else {
        let rejected = Rejected(format!("{score} is too low"));
        Verdict::Rejected { rejected }
    }
}

#[handler(on = Passed)]
async fn publish(Passed(score): Passed, cx: &Cx) {
    cx.put(format!("passed {score}")).await;
}

#[handler(on = Rejected)]
async fn report(Rejected(why): Rejected, cx: &Cx) {
    cx.put(format!("rejected: {why}")).await;
}

flow! {
    flow Exam(u32);
    start -> check -> emit;
    when Passed -> publish;
    when Rejected -> report
}

#[tokio::test]
async fn an_enum_of_events_emits_the_one_that_it_holds() {
    assert_eq!(items(Exam::new().stream(12)).await, ["passed 12"]);
    assert_eq!(
        items(Exam::new().stream(3)).await,
        ["rejected: 3 is too low"]
    );
}

#[tokio::test]
async fn a_handler_that_returns_its_events_is_tested_as_a_function() {
    assert_eq!(check(12).await, Verdict::Passed(Passed(12)));
}

type Several = (
    Passed,
    Option<Rejected>,
    Option<Rejected>,
    [Passed; 2],
    Vec<(Passed, Rejected)>,
);

#[handler]
async fn several() -> Several {
    let no = |why: &str| Rejected(why.to_owned());
    (
        Passed(1),
        None,
        Some(no("a")),
        [Passed(2), Passed(3)],
        vec![(Passed(4), no("b")), (Passed(5), no("c"))],
    )
}

#[tokio::test]
async fn events_are_emitted_in_the_order_of_the_value() {
    let flow = flow! {
        start -> several -> emit;
        when Passed -> publish;
        when Rejected -> report
    };
    let expected = [
        "passed 1",
        "rejected: a",
        "passed 2",
        "passed 3",
        "passed 4",
        "rejected: b",
        "passed 5",
        "rejected: c",
    ];
    assert_eq!(items(flow.stream(())).await, expected);
}

#[handler(emits = Passed)]
async fn both_ways(cx: &Cx) -> Passed {
    cx.emit(Passed(1));
    Passed(2)
}

#[tokio::test]
async fn what_is_returned_follows_what_the_handler_has_emitted() {
    let flow = flow! { start -> both_ways -> emit; when Passed -> publish };
    assert_eq!(items(flow.stream(())).await, ["passed 1", "passed 2"]);
}

#[handler(retry(attempts = 3))]
async fn third_time(cx: &Cx) -> Result<Passed> {
    match cx.attempt() {
        3 => Ok(Passed(3)),
        attempt => Err(format!("attempt {attempt} failed").into()),
    }
}

#[tokio::test(start_paused = true)]
async fn attempts_that_fail_emit_nothing() {
    let flow = flow! { start -> third_time -> emit; when Passed -> publish };
    assert_eq!(items(flow.stream(())).await, ["passed 3"]);
}

#[handler]
async fn scores(n: u32) -> Vec<u32> {
    (n..n + 3).collect()
}

#[handler]
async fn count(all: Vec<()>, cx: &Cx) {
    cx.put(format!("{} checked", all.len())).await;
}

#[tokio::test]
async fn in_an_each_the_events_go_out_one_by_one_and_the_results_are_empty() {
    let flow = flow! {
        start(u32) -> scores -> each (check -> emit)[1] -> count;
        when Passed -> publish;
        when Rejected -> report
    };
    let expected = [
        "3 checked",
        "rejected: 9 is too low",
        "passed 10",
        "passed 11",
    ];
    assert_eq!(items(flow.stream(9)).await, expected);
}

#[tokio::test]
async fn the_results_of_an_each_and_of_a_join_are_emitted_together() {
    let of_each = flow! {
        start(u32) -> scores -> each check -> emit;
        when Passed -> publish;
        when Rejected -> report
    };
    let expected = ["rejected: 9 is too low", "passed 10", "passed 11"];
    assert_eq!(items(of_each.stream(9)).await, expected);
    let of_join = flow! {
        start(u32) -> (check, both_ways) -> emit;
        when Passed -> publish;
        when Rejected -> report
    };
    let expected = ["passed 1", "rejected: 9 is too low", "passed 2"];
    assert_eq!(items(of_join.stream(9)).await, expected);
}

#[handler]
async fn both_done(_done: ((), u32), cx: &Cx) {
    cx.put("both are done").await;
}

#[handler]
async fn double(n: u32) -> u32 {
    2 * n
}

#[tokio::test]
async fn a_branch_of_a_join_that_emits_brings_nothing() {
    let flow = flow! {
        start(u32) -> (check -> emit, double) -> both_done;
        when Passed -> publish;
        when Rejected -> report
    };
    assert_eq!(items(flow.stream(12)).await, ["both are done", "passed 12"]);
}

enum Reply {
    Score(u32),
    Verdict(Verdict),
    Both(Passed, Rejected),
}

#[handler]
async fn reply(n: u32) -> Reply {
    match n {
        0 => Reply::Both(Passed(0), Rejected("zero".to_owned())),
        1..10 => Reply::Verdict(check(10 * n).await),
        _ => Reply::Score(n),
    }
}

#[tokio::test]
async fn the_bindings_of_an_arm_are_emitted() {
    let flow = flow! {
        start(u32) -> reply -> match {
            Reply::Score(score) => check -> emit,
            Reply::Verdict(verdict) => emit,
            Reply::Both(passed, rejected) => emit,
        };
        when Passed -> publish;
        when Rejected -> report
    };
    assert_eq!(items(flow.stream(0)).await, ["passed 0", "rejected: zero"]);
    assert_eq!(items(flow.stream(1)).await, ["passed 10"]);
    assert_eq!(items(flow.stream(11)).await, ["passed 11"]);
}

#[handler]
async fn fails() -> Result<Passed> {
    Err("no".into())
}

#[handler]
async fn explain(failed: Failed) -> Rejected {
    Rejected(format!("{} failed", failed.handler))
}

#[handler]
async fn default(_failed: Failed) -> Passed {
    Passed(0)
}

#[handler]
async fn settle(ending: Ending) -> Option<Passed> {
    matches!(ending, Ending::Completed).then_some(Passed(99))
}

#[tokio::test]
async fn stand_ins_rescues_and_the_finally_emit_what_they_return() {
    let stands_in = flow! { start -> fails else default -> emit; when Passed -> publish };
    assert_eq!(items(stands_in.stream(())).await, ["passed 0"]);
    let rescued = flow! {
        start -> fails -> emit;
        rescue fails -> explain -> emit;
        finally within "1s" -> settle -> emit;
        when Passed -> publish;
        when Rejected -> report
    };
    let expected = ["rejected: fails failed", "passed 99"];
    assert_eq!(items(rescued.stream(())).await, expected);
}

#[handler(on = Passed)]
async fn next(Passed(n): Passed) -> Passed {
    Passed(n + 1)
}

#[handler]
async fn first() -> Passed {
    Passed(0)
}

#[tokio::test]
async fn returned_events_count_for_max_events() {
    #[handler(on = Passed)]
    async fn slowly(Passed(n): Passed) -> Passed {
        tokio::task::yield_now().await;
        next(Passed(n)).await
    }
    let flow = flow! {
        start -> first -> emit;
        when Passed -> slowly -> emit;
        max_events 100
    };
    let error = flow.run(()).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TooManyEvents);
}

#[tokio::test]
async fn observers_are_told_which_handler_returned_the_event() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let telling = Arc::clone(&told);
    let exam = Exam::new().observe(move |event: &LifecycleEvent| {
        if let LifecycleKind::Emitted { event, handler } = event.kind {
            telling.lock().unwrap().push((event, handler));
        }
    });
    assert_eq!(items(exam.stream(12)).await.len(), 1);
    assert_eq!(*told.lock().unwrap(), [("Passed", Some("check"))]);
}

#[tokio::test]
async fn a_coverage_tells_which_returned_event_was_never_emitted() {
    let coverage = Coverage::new(Exam::GRAPH);
    let exam = Exam::new().observe(coverage.observer());
    assert_eq!(items(exam.stream(12)).await.len(), 1);
    let never: Vec<_> = coverage.uncovered().iter().map(Edge::description).collect();
    let expected = [
        "`start` never emitted `Rejected`",
        "`when Rejected` was never entered",
    ];
    assert_eq!(never, expected);
    assert_eq!(items(exam.stream(3)).await.len(), 1);
    assert!(coverage.uncovered().is_empty(), "{}", coverage.report());
}

#[test]
fn a_picture_shows_how_many_events_a_handler_returns() {
    let drawn = |graph: &flow_core::graph::GraphDesc| graph.to_mermaid();
    let exam = drawn(Exam::GRAPH);
    assert!(exam.contains(r#"h_check -->|"one of"| e_Passed"#), "{exam}");
    let flow = flow! {
        start -> several -> emit;
        when Passed -> publish;
        when Rejected -> report
    };
    let several = drawn(flow.graph());
    assert!(
        several.contains("h_several -->|\"#43;\"| e_Passed"),
        "{several}"
    );
    assert!(
        several.contains("h_several -->|\"#42;\"| e_Rejected"),
        "{several}"
    );
    let one = flow! { start -> first -> emit; when Passed -> publish };
    let one = drawn(one.graph());
    assert!(one.contains("h_first --> e_Passed"), "{one}");
}
