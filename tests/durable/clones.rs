//! Clones of a context in other tasks: a call ends with the last of them, or with its `timeout`.

use std::error::Error;
use std::time::Duration;

use flow_core::durable::MemoryStore;
use flow_core::{Cx, Event, Failed, FlowErrorKind, Result, State, TimedOut, flow, handler};
use futures::TryStreamExt;
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};

use crate::flows::host;

#[derive(Clone, Debug, Serialize, Deserialize, Event)]
struct Noted(u64);

/// Leaves a task that emits after so many seconds.
#[handler(emits = Noted, timeout = "30s")]
async fn leave(seconds: u64, cx: &Cx) {
    let left = cx.clone();
    tokio::spawn(async move {
        sleep(Duration::from_secs(seconds)).await;
        left.emit(Noted(seconds));
    });
}

#[handler(streams = u64)]
async fn count(noted: Noted, sum: State<u64>, cx: &Cx) {
    let sum = sum.with(|sum| {
        *sum += noted.0;
        *sum
    });
    cx.put(sum).await;
}

flow! {
    flow Leaves(u64) streams u64;
    durable;
    state u64;
    start -> leave;
    when Noted -> count
}

#[tokio::test(start_paused = true)]
async fn a_task_that_is_done_in_time_belongs_to_its_call() {
    let began = Instant::now();
    let items: Vec<_> = Leaves::new().stream(20).try_collect().await.unwrap();
    assert_eq!(items, [20]);
    assert_eq!(began.elapsed().as_secs(), 20);
}

const HELD: &str = "`leave` took longer than 30s: its function has returned, but a clone of its \
                    context is still alive: drop the clone, or wait in the function for the task \
                    that holds it";

#[tokio::test(start_paused = true)]
async fn a_timeout_that_waits_for_a_clone_alone_says_so() {
    let began = Instant::now();
    let error = Leaves::new().run(60).await.unwrap_err();
    assert_eq!(began.elapsed().as_secs(), 30, "the clone is not waited for");
    assert_eq!(error.kind(), FlowErrorKind::TimedOut);
    let timed_out: &TimedOut = error.source().unwrap().downcast_ref().unwrap();
    assert!(timed_out.has_returned);
    assert_eq!(timed_out.to_string(), HELD);

    let leaves = host(&MemoryStore::new()).register(Leaves::new());
    leaves.start("a", 60).await.unwrap();
    let error = leaves.get("a").output().await.unwrap_err();
    let error = format!("{:#}", error.source().unwrap());
    assert!(error.ends_with(HELD), "{error}");
}

#[handler]
async fn give_up(failed: Failed) {
    assert!(failed.error.is::<TimedOut>());
}

#[handler]
async fn go_on() -> u64 {
    sleep(Duration::from_secs(3_600)).await;
    7
}

flow! {
    flow GoesOn(u64) -> u64 streams u64;
    durable;
    state u64;
    start -> leave else give_up -> go_on -> end;
    when Noted -> count
}

#[tokio::test(start_paused = true)]
async fn what_a_clone_does_after_the_timeout_is_undone() {
    let mut execution = GoesOn::new().stream(60);
    let items: Vec<u64> = (&mut execution).try_collect().await.unwrap();
    assert!(items.is_empty(), "{items:?}");
    assert_eq!(execution.output().await.unwrap(), 7);
}

/// Its first attempt leaves a task for longer than its time, and its second one for a short time.
#[handler(emits = Noted, timeout = "30s", retry(attempts = 2, backoff = "1s", jitter = false))]
async fn leave_shorter(cx: &Cx) {
    let (left, seconds) = (cx.clone(), if cx.attempt() == 1 { 40 } else { 20 });
    tokio::spawn(async move {
        sleep(Duration::from_secs(seconds)).await;
        left.emit(Noted(seconds));
    });
}

#[tokio::test(start_paused = true)]
async fn a_clone_of_an_attempt_does_nothing_in_the_next_one() {
    let flow = flow! {
        flow streams u64;
        durable;
        state u64;
        start -> leave_shorter;
        when Noted -> count
    };
    let began = Instant::now();
    let items: Vec<_> = flow.stream(()).try_collect().await.unwrap();
    assert_eq!(items, [20]);
    assert_eq!(began.elapsed().as_secs(), 51);
}

#[handler(emits = Noted, retry(attempts = 2, backoff = "1s", jitter = false))]
async fn fail_once(cx: &Cx) -> Result<()> {
    let left = cx.clone();
    tokio::spawn(async move {
        sleep(Duration::from_secs(10)).await;
        left.emit(Noted(u64::from(left.attempt())));
    });
    match cx.attempt() {
        1 => Err("again".into()),
        _ => Ok(()),
    }
}

#[tokio::test(start_paused = true)]
async fn a_clone_of_an_attempt_that_has_failed_does_nothing() {
    let flow = flow! {
        flow streams u64;
        durable;
        state u64;
        start -> fail_once;
        when Noted -> count
    };
    let items: Vec<_> = flow.stream(()).try_collect().await.unwrap();
    assert_eq!(items, [2]);
}

#[handler(timeout = "30s")]
async fn fail_and_leave(cx: &Cx) -> Result<()> {
    let left = cx.clone();
    tokio::spawn(async move {
        sleep(Duration::from_secs(60)).await;
        drop(left);
    });
    Err("no".into())
}

#[tokio::test(start_paused = true)]
async fn a_failure_keeps_its_error_when_the_time_of_its_clone_is_over() {
    let flow = flow! { durable; start -> fail_and_leave };
    let began = Instant::now();
    let error = flow.run(()).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Failed);
    assert_eq!(error.source().unwrap().to_string(), "no");
    assert_eq!(began.elapsed().as_secs(), 30);
}

#[handler(timeout = "30s")]
async fn hang_and_leave(cx: &Cx) {
    let left = cx.clone();
    tokio::spawn(async move {
        sleep(Duration::from_secs(60)).await;
        drop(left);
    });
    sleep(Duration::from_secs(60)).await;
}

#[tokio::test(start_paused = true)]
async fn a_function_that_has_not_returned_is_timed_out_as_ever() {
    let flow = flow! { durable; start -> hang_and_leave };
    let began = Instant::now();
    let error = flow.run(()).await.unwrap_err();
    let timed_out: &TimedOut = error.source().unwrap().downcast_ref().unwrap();
    assert!(!timed_out.has_returned);
    assert_eq!(began.elapsed().as_secs(), 30);
}
