//! The lifecycle of named flows that are stages.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use flow_core::lifecycle::{ExecutionId, Lifecycle, LifecycleEvent, LifecycleKind};
use flow_core::testing::{Coverage, Edge, Journal};
use flow_core::{Cx, Event, Failed, FlowErrorKind, Result, flow, handler};
use futures::{FutureExt, StreamExt};
use tokio::time::sleep;

use crate::{Ping, all};

#[derive(Event)]
struct Draft(u32);

#[handler(emits = Draft)]
async fn write(n: u32, cx: &Cx) {
    sleep(Duration::from_secs(1)).await;
    cx.emit(Draft(n));
}

#[handler(on = Draft)]
async fn improve(Draft(n): Draft, cx: &Cx) -> Result<u32> {
    if n == 0 {
        return Err("nothing to improve".into());
    }
    cx.put(format!("improved {n}")).await;
    Ok(n + 1)
}

flow! {
    flow Review(u32) -> u32;
    start -> write;
    when Draft -> improve -> end
}

#[handler]
async fn ask(n: u32) -> u32 {
    n
}

#[handler]
async fn show(n: u32, cx: &Cx) {
    cx.put(format!("shown {n}")).await;
}

flow! {
    flow Chat(u32);
    start -> ask -> Review -> show
}

/// A line for each event: the flow, the step, the kind.
fn line(event: &LifecycleEvent) -> String {
    let step = event.step.map(|step| format!(" {step}"));
    let (flow, step) = (event.flow.unwrap_or("?"), step.unwrap_or_default());
    format!("{flow}{step}: {}", event.kind)
}

async fn lines(lifecycle: Lifecycle) -> Vec<String> {
    lifecycle.map(|event| line(&event)).collect().await
}

#[tokio::test(start_paused = true)]
async fn a_stage_reports_to_the_observers_of_its_flow_between_its_start_and_its_finish() {
    let mut execution = Chat::new().stream(1);
    let lifecycle = execution.lifecycle();
    assert_eq!(all(execution).await, ["improved 1", "shown 2"]);
    assert_eq!(
        lines(lifecycle).await,
        [
            "Chat: the execution started",
            "Chat 0: `start` was entered",
            "Chat 0: `ask` started",
            "Chat 0: `ask` finished",
            "Chat 0: `Review` started",
            "Review: the execution started",
            "Review 0: `start` was entered",
            "Review 0: `write` started",
            "Review 0: `write` emitted `Draft`",
            "Review 0: `write` finished",
            "Review 1: `when Draft` was entered",
            "Review 1: `improve` started",
            "Review 1: `improve` put an item",
            "Review 1: `improve` finished",
            "Review: the execution ended",
            "Chat 0: `Review` put an item",
            "Chat 0: `Review` finished",
            "Chat 0: `show` started",
            "Chat 0: `show` put an item",
            "Chat 0: `show` finished",
            "Chat: the execution ended",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn an_event_has_the_id_of_its_execution_and_that_of_the_one_around_it() {
    flow! { flow Inner(u32) -> u32; start -> Review -> end }
    let flow = flow! { start(u32) -> Inner -> show };
    let mut execution = flow.stream(1);
    let (id, lifecycle) = (execution.id(), execution.lifecycle());
    execution.output().await.unwrap();

    let mut executions = Vec::<(Option<&str>, ExecutionId, Option<ExecutionId>)>::new();
    for event in lifecycle.collect::<Vec<_>>().await {
        let execution = (event.flow, event.execution, event.parent);
        if !executions.contains(&execution) {
            executions.push(execution);
        }
        assert_eq!(event.flow, event.graph().name);
    }
    let [
        (None, outer, None),
        (Some("Inner"), inner, inner_in),
        (Some("Review"), review, review_in),
    ] = executions[..]
    else {
        panic!("{executions:?}");
    };
    assert_eq!((outer, inner_in, review_in), (id, Some(outer), Some(inner)));
    assert!(outer != inner && inner != review && outer != review);
}

#[tokio::test(start_paused = true)]
async fn each_call_of_a_stage_is_an_execution_of_its_own() {
    #[handler]
    async fn three() -> Vec<u32> {
        vec![1, 2, 3]
    }

    #[handler]
    async fn none(_: Vec<u32>) {}

    let mut execution = flow! { start -> three -> each Review -> none }.stream(());
    let (id, lifecycle) = (execution.id(), execution.lifecycle());
    execution.output().await.unwrap();
    let ended = lifecycle.filter_map(async |event| {
        let ended = matches!(event.kind, LifecycleKind::Ended { error: None });
        ended.then_some((event.execution, event.parent))
    });
    let mut ended: Vec<_> = ended.collect().await;
    assert_eq!(ended.pop(), Some((id, None)));
    assert!(ended.iter().all(|(_, parent)| *parent == Some(id)));
    ended.dedup();
    assert_eq!(ended.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn the_time_of_a_stage_is_that_of_the_whole() {
    #[handler]
    async fn wait_first(n: u32) -> u32 {
        sleep(Duration::from_secs(5)).await;
        n
    }

    let mut execution = flow! { start(u32) -> wait_first -> Review -> show }.stream(1);
    let lifecycle = execution.lifecycle();
    execution.output().await.unwrap();
    let times = lifecycle.filter_map(async |event| event.flow.map(|_| event.at.as_secs()));
    let times: Vec<_> = times.collect().await;
    assert_eq!((times[0], times[times.len() - 1]), (5, 6));
}

#[tokio::test(start_paused = true)]
async fn a_clause_of_a_stage_is_an_index_into_the_graph_of_that_stage() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&seen);
    let flow = Chat::new().observe(move |event| {
        if let LifecycleKind::ClauseEntered { clause, .. } = event.kind {
            let clause = &event.graph().clauses[clause.get()];
            told.lock().unwrap().push(clause.handlers[0].name);
        }
    });
    flow.run(1).await.unwrap();
    assert_eq!(*seen.lock().unwrap(), ["ask", "write", "improve"]);
}

#[tokio::test(start_paused = true)]
async fn a_stage_that_fails_reports_its_handler_and_its_end() {
    #[handler]
    async fn excuse(_failed: Failed<flow_core::FlowError>) {}

    let flow = flow! { start(u32) -> Review -> show; rescue Review -> excuse };
    let mut execution = flow.stream(0);
    let lifecycle = execution.lifecycle();
    execution.output().await.unwrap();
    let lines = lines(lifecycle).await;
    let failed = lines.iter().position(|line| line.contains("failed"));
    assert_eq!(
        lines[failed.unwrap()..][..4],
        [
            "Review 1: `improve` failed",
            "Review: the execution ended: handler `improve` failed on `Draft`: nothing to improve",
            "? 0: `Review` failed",
            "? 1: `rescue Review` was entered",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_stage_that_is_dropped_ends_before_the_execution_around_it() {
    let mut execution = Chat::new().stream(1);
    let mut lifecycle = execution.lifecycle();
    assert!(execution.next().now_or_never().is_none());
    while lifecycle.next().now_or_never().is_some() {}
    drop(execution);
    let ends: Vec<_> = lifecycle.collect().await;
    let [inner, outer] = &ends[..] else {
        panic!("{ends:?}");
    };
    assert_eq!((inner.flow, outer.flow), (Some("Review"), Some("Chat")));
    for end in [inner, outer] {
        let LifecycleKind::Ended { error: Some(error) } = &end.kind else {
            panic!("{end:?}");
        };
        assert_eq!(error.kind(), FlowErrorKind::Cancelled);
    }
}

#[tokio::test(start_paused = true)]
async fn an_observer_that_comes_while_a_stage_runs_is_told_of_the_rest_of_it() {
    let mut execution = Chat::new().stream(1);
    assert!(execution.next().now_or_never().is_none());
    let first = execution.lifecycle();
    // And one that comes when the stage is watched already.
    assert!(execution.next().now_or_never().is_none());
    let second = execution.lifecycle();
    execution.output().await.unwrap();
    let first = lines(first).await;
    assert_eq!(first, lines(second).await);
    let of_the_stage = first.iter().filter(|line| line.starts_with("Review"));
    assert_eq!(
        of_the_stage.collect::<Vec<_>>(),
        [
            "Review: `write` emitted `Draft`",
            "Review 0: `when Draft` was entered",
            "Review 0: `improve` started",
            "Review 0: `improve` put an item",
            "Review 0: `improve` finished",
            "Review: the execution ended",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_stage_in_a_stage_is_seen_by_an_observer_that_comes_while_both_run() {
    flow! { flow Inner(u32) -> u32; start -> Review -> end }
    let execution = flow! { start(u32) -> Inner -> show }.spawn(1);
    tokio::task::yield_now().await;
    let lifecycle = execution.lifecycle();
    execution.output().await.unwrap();
    let lines = lines(lifecycle).await;
    for end in ["Review: the execution ended", "Inner: the execution ended"] {
        assert_eq!(
            lines.iter().filter(|line| *line == end).count(),
            1,
            "{lines:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_stage_left_behind_is_not_reported_after_its_end() {
    #[handler(emits = Ping)]
    async fn leave_a_task(n: u32, cx: &Cx) -> u32 {
        let cx = cx.clone();
        tokio::spawn(async move {
            sleep(Duration::from_secs(1)).await;
            cx.emit(Ping(1));
        });
        n
    }

    flow! { flow Leaves(u32) -> u32; ignore Ping; start -> leave_a_task -> end }

    let mut execution = flow! { start(u32) -> Leaves -> Review -> show }.stream(1);
    let lifecycle = execution.lifecycle();
    execution.output().await.unwrap();
    let lines = lines(lifecycle).await;
    let of_the_stage: Vec<_> = lines
        .iter()
        .filter(|line| line.starts_with("Leaves"))
        .collect();
    assert_eq!(of_the_stage.last().unwrap(), &"Leaves: the execution ended");
    assert!(lines.len() > of_the_stage.len() + 5);
}

#[tokio::test(start_paused = true)]
async fn an_observer_is_dropped_at_the_end_even_if_a_task_of_a_stage_goes_on() {
    #[handler]
    async fn leave_a_task_that_stays(n: u32, cx: &Cx) -> u32 {
        let cx = cx.clone();
        tokio::spawn(async move {
            sleep(Duration::from_secs(3_600)).await;
            drop(cx);
        });
        n
    }

    flow! { flow Leaves(u32) -> u32; start -> leave_a_task_that_stays -> end }

    let held = Arc::new(());
    let weak = Arc::downgrade(&held);
    let flow = flow! { start(u32) -> Leaves -> show }.observe(move |_| drop(Arc::clone(&held)));
    let execution = flow.stream(1);
    drop(flow);
    execution.output().await.unwrap();
    assert_eq!(weak.strong_count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_replaced_stage_has_no_execution_of_its_own() {
    let journal = Journal::new();
    let flow = Chat::new().replace::<Review>().by(async |n: u32, _| n);
    flow.observe(journal.observer()).run(1).await.unwrap();
    assert_eq!(journal.handlers(), ["ask", "Review", "show"]);
    assert!(
        journal
            .lifecycle()
            .iter()
            .all(|event| event.flow == Some("Chat"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_journal_has_the_handlers_of_a_stage_after_the_stage() {
    let journal = Journal::new();
    let chat = Chat::new().observe(journal.observer());
    chat.run(1).await.unwrap();
    assert_eq!(
        journal.handlers(),
        ["ask", "Review", "write", "improve", "show"]
    );
    assert_eq!(journal.events(), ["Draft"]);
    journal.assert_order(["Review", "write", "Draft", "improve", "show"]);
}

fn uncovered(coverage: &Coverage) -> Vec<String> {
    coverage.uncovered().iter().map(Edge::description).collect()
}

#[tokio::test(start_paused = true)]
async fn coverage_sees_into_stages_at_any_depth() {
    flow! { flow Inner(u32) -> u32; start -> Review -> end }
    flow! { flow Outer(u32); start -> Inner -> show }
    let coverage = Coverage::new(Outer::GRAPH);
    let outer = Outer::new().observe(coverage.observer());
    let starts = coverage.report();
    assert!(
        starts.starts_with("Outer: 0 of 2 edges were covered\n"),
        "{starts}"
    );
    assert!(
        starts.contains("\nInner: 0 of 1 edges were covered\n"),
        "{starts}"
    );
    assert!(
        starts.contains("\nReview: 0 of 3 edges were covered\n"),
        "{starts}"
    );

    outer.run(0).await.unwrap_err();
    assert_eq!(uncovered(&coverage), ["`start` never called `show`"]);
    outer.run(1).await.unwrap();
    assert_eq!(
        coverage.report(),
        "Outer: 2 of 2 edges were covered\n\
         Inner: 1 of 1 edges were covered\n\
         Review: 3 of 3 edges were covered"
    );
}

#[tokio::test(start_paused = true)]
async fn coverage_can_leave_stages_out() {
    let coverage = Coverage::new(Chat::GRAPH).without_stages();
    let chat = Chat::new()
        .replace::<Review>()
        .by(async |n: u32, _| n)
        .observe(coverage.observer());
    chat.run(1).await.unwrap();
    assert_eq!(coverage.report(), "Chat: 3 of 3 edges were covered");
}

#[tokio::test(start_paused = true)]
async fn the_coverage_of_a_stage_counts_its_executions_in_another_flow() {
    let coverage = Coverage::new(Review::GRAPH);
    let chat = Chat::new().observe(coverage.observer());
    chat.run(1).await.unwrap();
    assert_eq!(coverage.report(), "Review: 3 of 3 edges were covered");
}

#[tokio::test(start_paused = true)]
async fn a_handler_of_a_stage_does_not_cover_its_namesake_in_the_flow() {
    #[handler]
    async fn is_even(n: u32) -> bool {
        n.is_multiple_of(2)
    }

    #[handler]
    async fn nothing() {}

    let flow = flow! {
        start(u32) -> Review -> is_even -> match { true => nothing, false => seven -> write };
        ignore Draft
    };
    let coverage = Coverage::new(flow.graph());
    flow.observe(coverage.observer()).run(1).await.unwrap();
    assert_eq!(
        uncovered(&coverage),
        [
            "`start` never called `seven`",
            "`start` never called `write`",
            "`write` never emitted `Draft`"
        ]
    );
}

#[handler]
async fn seven() -> u32 {
    7
}

#[tokio::test]
async fn ids_differ_between_executions_and_are_those_of_the_handle() {
    let flow = flow! { start(u32) -> show };
    let (mut one, other) = (flow.stream(1), flow.spawn(1));
    assert_ne!(one.id(), other.id());
    assert_eq!(one.id(), one.id());
    let (id, lifecycle) = (other.id(), other.lifecycle());
    other.output().await.unwrap();
    assert!(
        lifecycle
            .all(|event| async move { event.execution == id })
            .await
    );
}
