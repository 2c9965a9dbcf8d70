//! An `idle_timeout` while stages that are flows wait for answers.

use std::time::Duration;

use flow_core::{Answered, Asked, Cx, Event, FlowErrorKind, flow, handler};
use futures::{FutureExt, StreamExt};
use tokio::time::sleep;

use crate::Ping;

const HOUR: Duration = Duration::from_secs(3_600);
const MINUTE: Duration = Duration::from_secs(60);

#[derive(Clone, Event)]
#[event(answer = bool)]
struct Approve(u32);

#[handler(emits = Approve)]
async fn request(n: u32, cx: &Cx) {
    cx.emit(Approve(n));
}

/// Takes as long as the number tells, in seconds.
#[handler]
async fn book(approved: Answered<Approve>) -> bool {
    sleep(Duration::from_secs(approved.question.0.into())).await;
    approved.answer
}

flow! {
    /// Asks, and works on the answer.
    flow Approval(u32) -> bool streams Asked<Approve>;
    start -> request;
    ask Approve -> book -> end
}

flow! {
    /// The same, a level deeper.
    flow Nested(u32) -> bool streams Asked<Approve>;
    start -> Approval -> end
}

flow! {
    /// And another, with an `idle_timeout` of its own.
    flow NestedTwice(u32) -> bool streams Asked<Approve>;
    idle_timeout "30s";
    start -> Nested -> end
}

#[handler]
async fn done(_approved: bool) {}

#[handler]
async fn numbers() -> Vec<u32> {
    vec![1, 2]
}

#[handler]
async fn all_done(_approved: Vec<bool>) {}

#[handler]
async fn never(_n: u32) -> bool {
    std::future::pending().await
}

#[handler]
async fn twice(n: u32) -> (u32, u32) {
    (n, n)
}

#[tokio::test(start_paused = true)]
async fn a_stage_that_waits_for_an_answer_is_not_idle_however_deep_it_is() {
    macro_rules! waits {
        ($stage:ident) => {
            let flow = flow! {
                streams Asked<Approve>;
                idle_timeout "1m";
                start(u32) -> $stage -> done
            };
            let mut execution = flow.spawn(1);
            let asked = execution.items().next().await.unwrap().unwrap();
            sleep(30 * HOUR).await;
            asked.answer(true).unwrap();
            execution.output().await.unwrap();
        };
    }
    waits!(Approval);
    waits!(Nested);
    waits!(NestedTwice);
}

#[tokio::test(start_paused = true)]
async fn after_the_answer_the_stage_counts_as_running_again() {
    for seconds in [59, 61] {
        let flow = flow! {
            streams Asked<Approve>;
            idle_timeout "1m";
            start(u32) -> Nested -> done
        };
        let mut execution = flow.spawn(seconds);
        let asked = execution.items().next().await.unwrap().unwrap();
        sleep(HOUR).await;
        asked.answer(true).unwrap();
        let result = execution.output().await;
        if seconds < 60 {
            result.unwrap();
        } else {
            let error = result.unwrap_err();
            let expected = "the execution was idle for 1m while `Nested` was running";
            assert_eq!(error.to_string(), expected);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_handler_of_another_clause_that_hangs_is_idle_while_a_stage_waits() {
    #[handler(emits = Ping)]
    async fn begin(n: u32, cx: &Cx) -> u32 {
        cx.emit(Ping(n));
        n
    }
    #[handler(on = Ping)]
    async fn hang(_ping: Ping) {
        std::future::pending::<()>().await;
    }
    let flow = flow! {
        streams Asked<Approve>;
        idle_timeout "1m";
        start(u32) -> begin -> Approval -> done;
        when Ping -> hang
    };
    let mut execution = flow.spawn(1);
    let _asked = execution.items().next().await.unwrap().unwrap();
    let error = execution.output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Idle);
    let expected = "the execution was idle for 1m while `hang` was running";
    assert_eq!(error.to_string(), expected);
}

#[tokio::test(start_paused = true)]
async fn stages_of_several_clauses_and_branches_wait_together() {
    #[handler(emits = Ping)]
    async fn begin(n: u32, cx: &Cx) -> u32 {
        cx.emit(Ping(n));
        n
    }
    #[handler(on = Ping)]
    async fn number(Ping(n): Ping) -> u32 {
        n
    }
    #[handler]
    async fn numbers_of(_n: u32) -> Vec<u32> {
        vec![2, 3]
    }
    let flow = flow! {
        streams Asked<Approve>;
        idle_timeout "1m";
        start(u32) -> begin -> numbers_of -> each Nested -> all_done;
        when Ping -> number -> Approval -> done
    };
    let mut execution = flow.spawn(1);
    let asked: Vec<_> = execution.items().take(3).collect().await;
    for asked in asked {
        sleep(HOUR).await;
        asked.unwrap().answer(true).unwrap();
    }
    execution.output().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_handler_beside_a_stage_that_waits_is_timed() {
    #[handler]
    async fn both(_approved: (bool, bool)) {}
    #[handler]
    async fn first((n, _): (u32, u32)) -> u32 {
        n
    }
    #[handler]
    async fn second((_, n): (u32, u32)) -> u32 {
        n
    }
    let flow = flow! {
        streams Asked<Approve>;
        idle_timeout "1m";
        start(u32) -> twice -> (first -> Approval, second -> never) -> both
    };
    let began = tokio::time::Instant::now();
    let mut execution = flow.spawn(1);
    let _asked = execution.items().next().await.unwrap().unwrap();
    let error = execution.output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Idle);
    assert_eq!(began.elapsed(), Duration::from_secs(60));
}

#[tokio::test(start_paused = true)]
async fn a_stage_that_is_dropped_while_it_waits_does_not_wait_any_more() {
    #[handler]
    async fn first((n, _): (u32, u32)) -> u32 {
        n
    }
    #[handler]
    async fn fails((_, n): (u32, u32)) -> flow_core::Result<u32> {
        sleep(Duration::from_secs(30)).await;
        Err(format!("no {n}").into())
    }
    #[handler]
    async fn both(_approved: (bool, u32)) {}
    #[handler]
    async fn forget(_failed: flow_core::Failed<flow_core::FlowError>) {}
    #[handler]
    async fn hang() {
        std::future::pending::<()>().await;
    }
    flow! {
        flow Pair(u32) streams Asked<Approve>;
        start -> twice -> (first -> Approval, fails) -> both
    }
    let flow = flow! {
        streams Asked<Approve>;
        idle_timeout "1m";
        start(u32) -> Pair;
        rescue Pair -> forget -> hang
    };
    let mut execution = flow.spawn(1);
    let _asked = execution.items().next().await.unwrap().unwrap();
    let error = execution.output().await.unwrap_err();
    let expected = "the execution was idle for 1m while `hang` was running";
    assert_eq!(error.to_string(), expected);
}

#[tokio::test(start_paused = true)]
async fn in_a_stream_that_polls_the_execution_it_is_the_same() {
    let flow = flow! {
        streams Asked<Approve>;
        idle_timeout "1m";
        start -> numbers -> each Nested -> all_done
    };
    let mut items = flow.stream(());
    let first = items.next().await.unwrap().unwrap();
    let second = items.next().await.unwrap().unwrap();
    assert!(items.next().now_or_never().is_none());
    let rest = tokio::spawn(async move { items.next().await });
    sleep(10 * MINUTE).await;
    first.answer(true).unwrap();
    sleep(10 * MINUTE).await;
    second.answer(false).unwrap();
    assert!(rest.await.unwrap().is_none());
}
