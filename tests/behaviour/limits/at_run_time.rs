//! Limits of handlers and questions that a flow is given at run time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use flow_core::{Asked, Cx, Event, FlowErrorKind, Res, Result, flow, handler};
use futures::StreamExt;
use tokio::time::{Instant, sleep};

const SECOND: Duration = Duration::from_secs(1);

#[handler(timeout = "30s")]
async fn hang() {
    std::future::pending::<()>().await;
}

#[derive(Debug, Default)]
struct Calls(AtomicUsize);

#[handler(retry(attempts = 3, backoff = "1s", jitter = false))]
async fn fail(calls: Res<Calls>) -> Result<()> {
    calls.0.fetch_add(1, Ordering::SeqCst);
    Err("no luck".into())
}

/// How many calls ran at the same time, at most.
#[derive(Debug, Default)]
struct Peak {
    now: AtomicUsize,
    most: AtomicUsize,
}

#[handler]
async fn numbers() -> Vec<u32> {
    (0..12).collect()
}

#[handler(concurrency = 2)]
async fn work(_n: u32, peak: Res<Peak>) {
    let now = peak.now.fetch_add(1, Ordering::SeqCst) + 1;
    peak.most.fetch_max(now, Ordering::SeqCst);
    sleep(SECOND).await;
    peak.now.fetch_sub(1, Ordering::SeqCst);
}

#[derive(Clone, Debug, Event)]
#[event(answer = bool)]
struct Approve;

#[handler(emits = Approve)]
async fn begin(cx: &Cx) {
    cx.emit(Approve);
}

#[tokio::test(start_paused = true)]
async fn a_timeout_replaces_that_of_the_attribute() {
    let flow = flow! { start -> hang };
    for (flow, after, text) in [
        (flow.clone(), 30, "30s"),
        (flow.clone().timeout_of::<hang>(2 * SECOND), 2, "2s"),
        (flow.clone().timeout_of::<hang>(60 * SECOND), 60, "1m"),
        (
            flow.timeout_of::<hang>(SECOND)
                .timeout_of::<hang>(3 * SECOND),
            3,
            "3s",
        ),
    ] {
        let start = Instant::now();
        let error = flow.run(()).await.unwrap_err();
        assert_eq!(start.elapsed().as_secs(), after);
        assert_eq!(error.kind(), FlowErrorKind::TimedOut);
        let message = format!("handler `hang` timed out on start after {text}");
        assert_eq!(error.to_string(), message);
    }
}

#[tokio::test(start_paused = true)]
async fn attempts_and_the_first_wait_replace_those_of_the_attribute() {
    let flow = flow! { with Calls; start -> fail };
    let two_minutes = 120 * SECOND;
    for (flow, attempts, waits) in [
        (flow.clone(), 3, 1 + 2),
        (flow.clone().attempts_of::<fail>(1), 1, 0),
        (flow.clone().attempts_of::<fail>(5), 5, 1 + 2 + 4 + 8),
        (flow.clone().backoff_of::<fail>(4 * SECOND), 3, 4 + 8),
        // Longer than the `max` of the attribute.
        (flow.clone().backoff_of::<fail>(two_minutes), 3, 240),
        (
            flow.attempts_of::<fail>(2).backoff_of::<fail>(7 * SECOND),
            2,
            7,
        ),
    ] {
        let (start, calls) = (Instant::now(), Arc::new(Calls::default()));
        let flow = flow.with_arc(Arc::clone(&calls));
        flow.run(()).await.unwrap_err();
        assert_eq!(calls.0.load(Ordering::SeqCst), attempts);
        assert_eq!(start.elapsed().as_secs(), waits);
    }
}

#[tokio::test(start_paused = true)]
async fn a_concurrency_replaces_that_of_the_attribute() {
    let flow = flow! { with Peak; start -> numbers -> each work -> ignore };
    for (flow, most) in [
        (flow.clone(), 2),
        (flow.clone().concurrency_of::<work>(1), 1),
        (flow.clone().concurrency_of::<work>(5), 5),
        (flow.concurrency_of::<work>(usize::MAX), 12),
    ] {
        let peak = Arc::new(Peak::default());
        flow.with_arc(Arc::clone(&peak)).run(()).await.unwrap();
        assert_eq!(peak.most.load(Ordering::SeqCst), most);
    }
}

#[tokio::test(start_paused = true)]
async fn a_question_can_be_answered_for_as_long_as_the_flow_was_told() {
    let hours = flow! {
        streams Asked<Approve>;
        start -> begin;
        ask Approve within "72h" -> ignore
    };
    let for_ever = flow! {
        streams Asked<Approve>;
        start -> begin;
        ask Approve -> ignore
    };
    for mut items in [
        hours.within_of::<Approve>(5 * SECOND).stream(()),
        for_ever.within_of::<Approve>(5 * SECOND).stream(()),
    ] {
        let start = Instant::now();
        let question = items.next().await.unwrap().unwrap();
        assert_eq!(question.within, Some(5 * SECOND));
        let error = items.next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), FlowErrorKind::Unanswered);
        assert_eq!(start.elapsed(), 5 * SECOND);
    }
}

flow! {
    flow Inner() -> ();
    with Calls;
    start -> hang_or_fail -> end
}

#[handler(timeout = "30s", retry(attempts = 2, backoff = "1s", jitter = false))]
async fn hang_or_fail(calls: Res<Calls>) -> Result<()> {
    calls.0.fetch_add(1, Ordering::SeqCst);
    std::future::pending().await
}

#[tokio::test(start_paused = true)]
async fn the_limits_hold_in_the_stages_of_the_flow_as_well() {
    flow! {
        flow Middle() -> ();
        with Calls;
        start -> Inner -> end
    }
    let flow = flow! { with Calls; start -> Middle };
    let (start, calls) = (Instant::now(), Arc::new(Calls::default()));
    let flow = flow
        .with_arc(Arc::clone(&calls))
        .timeout_of::<hang_or_fail>(SECOND)
        .attempts_of::<hang_or_fail>(3);
    flow.run(()).await.unwrap_err();
    assert_eq!(calls.0.load(Ordering::SeqCst), 3);
    assert_eq!(start.elapsed().as_secs(), 3 + 1 + 2);
}

#[tokio::test(start_paused = true)]
async fn other_handlers_and_other_flows_keep_theirs() {
    #[handler(timeout = "7s")]
    async fn other() {
        std::future::pending::<()>().await;
    }
    let flow = flow! { start -> (hang, other) -> ignore };
    let shorter = flow.clone().timeout_of::<hang>(9 * SECOND);
    for (flow, after) in [
        (flow, 7),
        (shorter.clone(), 7),
        (shorter.timeout_of::<hang>(SECOND), 1),
    ] {
        let start = Instant::now();
        flow.run(()).await.unwrap_err();
        assert_eq!(start.elapsed().as_secs(), after);
    }
}

#[test]
#[should_panic(expected = "a `timeout` of zero would end each attempt before it begins")]
fn a_limit_of_zero_is_refused() {
    let _ = flow! { start -> hang }.timeout_of::<hang>(Duration::ZERO);
}
