//! Limits of time where there is no clock: the execution fails, and nothing unwinds out of its
//! poll.

use std::error::Error;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use flow_core::{Asked, Cx, Event, FlowError, FlowErrorKind, Res, Result, flow, handler};
use futures::executor::block_on;
use tokio::runtime::{Builder, Runtime};

use crate::Alive;

const SOON: Duration = Duration::from_millis(20);
/// So long that no deadline passes during a test.
const HOUR: Duration = Duration::from_secs(3_600);

#[handler]
async fn hang(alive: Res<Alive>) {
    let _guard = alive.guard();
    std::future::pending::<()>().await;
}

#[handler(timeout = "20ms")]
async fn hang_briefly(alive: Res<Alive>) {
    let _guard = alive.guard();
    std::future::pending::<()>().await;
}

#[handler(retry(attempts = 2, backoff = "20ms", jitter = false))]
async fn fail(alive: Res<Alive>) -> Result<()> {
    let _guard = alive.guard();
    Err("no luck".into())
}

#[derive(Clone, Event)]
#[event(answer = bool)]
struct Approve;

#[handler(emits = Approve)]
async fn begin(cx: &Cx, _alive: Res<Alive>) {
    cx.emit(Approve);
}

/// An execution, without its items.
type Run = Pin<Box<dyn Future<Output = Result<(), FlowError>> + Send>>;

/// An execution for each kind of limit, and its error where there is a clock.
fn executions(alive: &Alive, after: Duration) -> [(&'static str, Run, FlowErrorKind); 5] {
    let timeout = flow! { with Alive; start -> hang }.timeout(after);
    let idle = flow! { with Alive; start -> hang }.idle_timeout(after);
    let attempt = flow! { with Alive; start -> hang_briefly }.timeout_of::<hang_briefly>(after);
    let retry = flow! { with Alive; start -> fail }.backoff_of::<fail>(after);
    let within = flow! {
        streams Asked<Approve>;
        with Alive;
        start -> begin;
        ask Approve -> ignore
    }
    .within_of::<Approve>(after);
    // `run` drops the question, which gives it up.
    let mut questions = within.with(alive.clone()).stream(());
    let within = async move {
        let question = futures::StreamExt::next(&mut questions).await;
        let question = question.unwrap()?;
        let rest = futures::StreamExt::next(&mut questions).await;
        drop(question);
        rest.unwrap().map(drop)
    };
    let with = |alive: &Alive| alive.clone();
    [
        (
            "timeout",
            Box::pin(timeout.with(with(alive)).run(())) as Run,
            FlowErrorKind::TimedOut,
        ),
        (
            "idle_timeout",
            Box::pin(idle.with(with(alive)).run(())),
            FlowErrorKind::Idle,
        ),
        (
            "timeout of a handler",
            Box::pin(attempt.with(with(alive)).run(())),
            FlowErrorKind::TimedOut,
        ),
        (
            "retry",
            Box::pin(retry.with(with(alive)).run(())),
            FlowErrorKind::Failed,
        ),
        ("within", Box::pin(within), FlowErrorKind::Unanswered),
    ]
}

fn runtime(with_time: bool) -> Runtime {
    let mut runtime = Builder::new_current_thread();
    if with_time {
        runtime.enable_time();
    }
    runtime.build().unwrap()
}

fn assert_no_clock(limit: &str, result: Result<(), FlowError>, why: &str) {
    let error = result.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Runtime, "{limit}: {error:#}");
    let source = error.source().unwrap().to_string();
    assert!(source.contains(why), "{limit}: {source}");
}

#[test]
fn without_a_runtime_an_execution_with_a_limit_of_time_fails() {
    let alive = Alive::default();
    for (limit, execution, _) in executions(&alive, HOUR) {
        assert_no_clock(limit, block_on(execution), "poll the execution inside one");
        assert_eq!(alive.count(), 0, "{limit}");
    }
}

#[test]
fn a_runtime_without_timers_makes_it_fail() {
    let alive = Alive::default();
    for (limit, execution, _) in executions(&alive, HOUR) {
        assert_no_clock(limit, runtime(false).block_on(execution), "enable_time");
        assert_eq!(alive.count(), 0, "{limit}");
    }
}

/// Polls the executions in a runtime, which is then shut down.
fn outlive_a_runtime(alive: &Alive, after: Duration) -> [(&'static str, Run, FlowErrorKind); 5] {
    let mut executions = executions(alive, after);
    let runtime = runtime(true);
    let _inside = runtime.enter();
    for (limit, execution, _) in &mut executions {
        let polled = execution
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
        assert!(matches!(polled, Poll::Pending), "{limit}");
    }
    executions
}

#[test]
fn a_runtime_that_is_gone_makes_it_fail() {
    let alive = Alive::default();
    for (limit, execution, _) in outlive_a_runtime(&alive, HOUR) {
        assert_no_clock(limit, block_on(execution), "poll the execution inside one");
    }
    assert_eq!(alive.count(), 0);
}

#[test]
fn a_further_runtime_has_the_clock_of_one_that_is_gone() {
    let alive = Alive::default();
    for (limit, execution, kind) in outlive_a_runtime(&alive, SOON) {
        let error = runtime(true).block_on(execution).unwrap_err();
        assert_eq!(error.kind(), kind, "{limit}: {error:#}");
    }
    assert_eq!(alive.count(), 0);
}

#[test]
fn a_handler_that_returns_in_time_needs_no_clock() {
    #[handler(timeout = "5s", retry(attempts = 3), concurrency = 2)]
    async fn double(n: u32) -> Result<u32> {
        Ok(n * 2)
    }

    let flow = flow! { start(u32) -> double -> end };
    assert_eq!(block_on(flow.run(21)).unwrap(), 42);
    assert_eq!(runtime(false).block_on(flow.run(21)).unwrap(), 42);
}
