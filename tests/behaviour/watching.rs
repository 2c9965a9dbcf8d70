//! The lifecycle, as observers and streams receive it.

mod stages;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use flow_core::lifecycle::{Lifecycle, LifecycleEvent, LifecycleKind, Step};
use flow_core::{Answered, Asked, Cx, Event, Failed, FlowErrorKind, flow, handler};
use futures::stream::FusedStream;
use futures::{FutureExt, StreamExt};
use tokio::time::sleep;

use crate::{Ping, Pong, all};

#[handler(emits = "Ping")]
async fn begin(cx: &Cx) {
    cx.emit(Ping(1));
    cx.emit(Ping(2));
}

#[handler(on = "Ping")]
async fn work(Ping(n): Ping, cx: &Cx) {
    sleep(Duration::from_secs(10 / u64::from(n))).await;
    cx.put(n.to_string()).await;
}

/// The lifecycle, a line for each event: the time, the step, the kind.
async fn told(events: Lifecycle) -> Vec<String> {
    let line = |event: LifecycleEvent| {
        let step = event
            .step
            .map(|step| format!(" {step}"))
            .unwrap_or_default();
        format!("{}s{step}: {}", event.at.as_secs(), event.kind)
    };
    events.map(line).collect().await
}

#[tokio::test(start_paused = true)]
async fn the_lifecycle_is_reported_in_order_with_times_steps_and_handlers() {
    let mut execution = flow! { start -> begin; when Ping -> work }.stream(());
    let events = execution.lifecycle();
    assert_eq!(all(execution).await, ["2", "1"]);
    assert_eq!(
        told(events).await,
        [
            "0s: the execution started",
            "0s 0: `start` was entered",
            "0s 0: `begin` started",
            "0s 0: `begin` emitted `Ping`",
            "0s 0: `begin` emitted `Ping`",
            "0s 0: `begin` finished",
            "0s 1: `when Ping` was entered",
            "0s 1: `work` started",
            "0s 2: `when Ping` was entered",
            "0s 2: `work` started",
            "5s 2: `work` put an item",
            "5s 2: `work` finished",
            "10s 1: `work` put an item",
            "10s 1: `work` finished",
            "10s: the execution ended",
        ]
    );
}

#[tokio::test]
async fn each_entered_clause_names_the_step_that_caused_it() {
    #[derive(Event)]
    struct Turn(u32);

    #[handler(on = "Turn", emits = "Turn")]
    async fn turn(Turn(n): Turn, cx: &Cx) {
        if n < 3 {
            cx.emit(Turn(n + 1));
        }
    }

    let causes = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&causes);
    let flow = flow! { start(Turn) -> turn; when Turn -> turn }.observe(move |event| {
        if let LifecycleKind::ClauseEntered { cause, .. } = event.kind {
            told.lock()
                .unwrap()
                .push((event.step.unwrap().get(), cause.map(Step::get)));
        }
    });
    flow.run(Turn(0)).await.unwrap();
    let expected = [(0, None), (1, Some(0)), (2, Some(1)), (3, Some(2))];
    assert_eq!(*causes.lock().unwrap(), expected);
}

#[handler]
async fn one(n: u32) -> u32 {
    tokio::task::yield_now().await;
    n + 1
}

#[handler]
async fn two(n: u32) -> u32 {
    n + 2
}

#[handler]
async fn sum((a, b): (u32, u32)) -> u32 {
    a + b
}

#[tokio::test]
async fn the_stages_of_a_chain_and_the_branches_of_a_join_start_and_finish() {
    let flow = flow! { start(u32) -> two -> (one, two) -> sum -> end };
    let mut execution = flow.stream(1);
    let events = execution.lifecycle();
    assert_eq!(execution.output().await.unwrap(), 9);
    let told: Vec<_> = events.map(|event| event.kind.to_string()).collect().await;
    assert_eq!(
        told,
        [
            "the execution started",
            "`start` was entered",
            "`two` started",
            "`two` finished",
            "`one` started",
            "`two` started",
            "`two` finished",
            "`one` finished",
            "`sum` started",
            "`sum` finished",
            "the execution ended",
        ]
    );
}

#[handler]
async fn refuse() -> flow_core::Result<()> {
    Err("no".into())
}

#[handler]
async fn apologise(_failed: Failed) {}

#[tokio::test]
async fn a_failure_is_reported_whether_it_is_rescued_or_ends_the_execution() {
    let mut rescued = flow! { start -> refuse; rescue refuse -> apologise }.stream(());
    let events = rescued.lifecycle();
    all(rescued).await;
    let told: Vec<_> = events.map(|event| event.kind.to_string()).collect().await;
    assert_eq!(
        told[2..],
        [
            "`refuse` started",
            "`refuse` failed",
            "`rescue refuse` was entered",
            "`apologise` started",
            "`apologise` finished",
            "the execution ended",
        ]
    );

    let mut failing = flow! { start -> refuse }.stream(());
    let events = failing.lifecycle();
    failing.output().await.unwrap_err();
    let last = events.collect::<Vec<_>>().await.pop().unwrap();
    let LifecycleKind::Ended { error: Some(error) } = last.kind else {
        panic!("{last:?}");
    };
    assert_eq!(error.kind(), FlowErrorKind::Failed);
}

#[tokio::test]
async fn dropping_the_execution_is_reported_as_its_end() {
    let mut execution = flow! { start -> begin; when Ping -> work }.stream(());
    let mut events = execution.lifecycle();
    assert!(events.next().now_or_never().is_none());
    drop(execution);
    let LifecycleKind::Ended { error: Some(error) } = events.next().await.unwrap().kind else {
        panic!("another end");
    };
    assert_eq!(error.kind(), FlowErrorKind::Cancelled);
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn a_lagging_lifecycle_stream_reports_how_many_it_missed() {
    #[handler]
    async fn chatter(cx: &Cx) {
        for n in 0..2 * 4096 {
            cx.put(n.to_string()).await;
        }
    }

    let mut execution = flow! { start -> chatter }.stream(());
    let mut events = execution.lifecycle();
    let items = all(execution).await.len();
    let LifecycleKind::Lagged(missed) = events.next().await.unwrap().kind else {
        panic!("nothing was missed");
    };
    let seen = events.collect::<Vec<_>>().await.len();
    assert_eq!(seen, 4096);
    // Besides the items: started, entered, two for the handler, and ended.
    assert_eq!(usize::try_from(missed).unwrap() + seen, items + 5);
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_an_observer_does_not_end_the_execution() {
    let flow = flow! { start -> begin; when Ping -> work }.observe(|event| {
        assert!(
            event.step.map(Step::get) != Some(1),
            "an observer of a test panics"
        );
    });
    assert_eq!(all(flow.stream(())).await.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn events_from_outside_have_no_cause() {
    #[handler]
    async fn wait() {}

    let flow = flow! { external Ping; start -> wait; when Ping -> work };
    let execution = flow.spawn(());
    let events = execution.lifecycle();
    execution.try_emit(Ping(1)).unwrap();
    execution.output().await.unwrap();
    let entered = events.filter_map(async |event| match event.kind {
        LifecycleKind::ClauseEntered {
            trigger: Some(_),
            cause,
            ..
        } => Some(cause),
        _ => None,
    });
    assert_eq!(entered.collect::<Vec<_>>().await, [None]);
}

#[tokio::test(start_paused = true)]
async fn each_retry_is_reported() {
    #[handler(retry(attempts = 3, backoff = "1s", jitter = false))]
    async fn stubborn() -> flow_core::Result<()> {
        Err("no".into())
    }

    let mut execution = flow! { start -> stubborn }.stream(());
    let events = execution.lifecycle();
    execution.output().await.unwrap_err();
    assert_eq!(
        told(events).await[2..],
        [
            "0s 0: `stubborn` started",
            "0s 0: `stubborn` failed in attempt 1 and is retried",
            "1s 0: `stubborn` failed in attempt 2 and is retried",
            "3s 0: `stubborn` failed",
            "3s: the execution ended: handler `stubborn` failed on start: no",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_lifecycle_that_begins_after_the_end_reports_only_the_end() {
    let mut execution = flow! { start -> begin; when Ping -> work }.stream(());
    while execution.next().await.is_some() {}
    assert_eq!(
        told(execution.lifecycle()).await,
        ["0s: the execution ended"]
    );

    let mut execution = flow! { start -> refuse }.spawn(());
    while execution.items().next().await.is_some() {}
    let told = told(execution.lifecycle()).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].ends_with("failed on start: no"), "{told:?}");
}

#[tokio::test]
async fn a_lifecycle_ends_even_if_it_begins_after_the_end_of_an_execution_that_nothing_reads() {
    #[handler]
    async fn nothing() {}

    let mut execution = flow! { start -> nothing }.spawn(());
    drop(execution.take_items());
    tokio::task::yield_now().await;
    let lifecycle = execution.lifecycle();
    let told = told(lifecycle).now_or_never();
    assert_eq!(told.unwrap(), ["0s: the execution ended"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lifecycle_that_begins_just_as_the_execution_ends_is_told_of_the_end_once() {
    #[handler]
    async fn nothing() {}

    let flow = flow! { start -> nothing };
    for round in 0..2_000_u32 {
        let mut execution = flow.spawn(());
        if round % 2 == 0 {
            drop(execution.take_items());
        }
        for _ in 0..round % 50 {
            std::hint::spin_loop();
        }
        let lifecycle = execution.lifecycle();
        let ends = lifecycle.filter(|event| {
            let ended = matches!(event.kind, LifecycleKind::Ended { error: None });
            std::future::ready(ended)
        });
        let ends = tokio::time::timeout(Duration::from_secs(60), ends.count()).await;
        assert_eq!(ends, Ok(1), "round {round}");
    }
}

#[tokio::test]
async fn the_item_of_a_question_names_no_handler() {
    #[derive(Clone, Event)]
    #[event(answer = "bool")]
    struct Review;

    #[handler(emits = "Review")]
    async fn draft(cx: &Cx) {
        cx.emit(Review);
    }

    #[handler]
    async fn decide(_answered: Answered<Review>) {}

    let flow = flow! { streams Asked<Review>; start -> draft; ask Review -> decide };
    let mut execution = flow.stream(());
    let events = execution.lifecycle();
    execution
        .next()
        .await
        .unwrap()
        .unwrap()
        .answer(true)
        .unwrap();
    execution.output().await.unwrap();
    let told: Vec<_> = events.map(|event| event.kind.to_string()).collect().await;
    assert_eq!(
        told[5..],
        [
            "`ask Review` was entered",
            "an item was put",
            "`ask Review` was answered",
            "`decide` started",
            "`decide` finished",
            "the execution ended",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn each_clause_is_named_by_what_it_begins_with() {
    #[derive(Clone, Debug, Event)]
    #[event(answer = "bool")]
    struct Approve;

    #[handler(emits = ["Ping", "Pong", "Approve"])]
    async fn emit_all(cx: &Cx) {
        cx.emit(Ping(1));
        cx.emit(Pong(1));
        cx.emit(Approve);
    }

    #[handler]
    async fn pair(_both: (Ping, Pong)) -> flow_core::Result<()> {
        Err("no".into())
    }

    #[handler]
    async fn decide(_answered: Answered<Approve>) {}

    #[handler]
    async fn lapse(_question: Approve) {}

    let flow = flow! {
        streams Asked<Approve>;
        start -> emit_all;
        when Ping & Pong -> pair;
        ask Approve within "1h" -> decide else -> lapse;
        rescue -> apologise
    };
    let mut execution = flow.stream(());
    let events = execution.lifecycle();
    let asked = all(execution).await;
    assert_eq!(asked.len(), 1);
    let entered = events.filter_map(async |event| match event.kind {
        LifecycleKind::ClauseEntered { text, .. } => Some((text.to_string(), event.kind)),
        _ => None,
    });
    let entered: Vec<_> = entered.collect().await;
    let expected = [
        "`start`",
        "`when Ping & Pong`",
        "`ask Approve`",
        "`rescue`",
        "the `else` of `ask Approve`",
    ];
    assert_eq!(entered.len(), expected.len(), "{entered:?}");
    for ((text, kind), expected) in entered.iter().zip(expected) {
        assert_eq!(text, expected);
        assert_eq!(kind.to_string(), format!("{expected} was entered"));
    }
}

#[tokio::test]
async fn the_lifecycle_is_terminated_once_it_has_yielded_none() {
    let mut execution = flow! { start -> begin; ignore Ping }.stream(());
    let mut lifecycle = execution.lifecycle();
    execution.output().await.unwrap();
    let mut events = 0;
    while lifecycle.next().await.is_some() {
        assert!(!lifecycle.is_terminated());
        events += 1;
    }
    assert!(events > 1);
    assert!(lifecycle.is_terminated());
    assert!(lifecycle.next().await.is_none());
}

#[tokio::test]
async fn the_debug_output_of_a_lifecycle_shows_how_far_it_was_read() {
    let mut execution = flow! { start -> begin; ignore Ping }.stream(());
    let lifecycle = execution.lifecycle();
    execution.output().await.unwrap();
    assert_eq!(
        format!("{lifecycle:?}"),
        "Lifecycle { buffered: 7, lagged: 0, ended: true, .. }"
    );
}
