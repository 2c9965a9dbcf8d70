//! `concurrency 8;` bounds the attempts of all handlers of an execution, at any depth.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use flow_core::{Answered, Asked, Cx, Event, Failed, Res, Result, Tick, flow, handler};
use futures::StreamExt;
use tokio::time::{Instant, sleep};

use crate::{Log, read};

const SECOND: Duration = Duration::from_secs(1);

/// How many attempts run now, and how many have at most.
#[derive(Debug, Default)]
struct Gauge {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Gauge {
    /// Runs for a second.
    async fn second(&self) {
        struct Leaves<'a>(&'a Gauge);
        impl Drop for Leaves<'_> {
            fn drop(&mut self) {
                self.0.now.fetch_sub(1, Ordering::Relaxed);
            }
        }
        let now = self.now.fetch_add(1, Ordering::Relaxed) + 1;
        self.most.fetch_max(now, Ordering::Relaxed);
        let _leaves = Leaves(self);
        sleep(SECOND).await;
    }

    fn most(&self) -> usize {
        self.most.load(Ordering::Relaxed)
    }
}

#[handler]
async fn count(n: u32) -> Vec<u32> {
    (0..n).collect()
}

#[handler]
async fn work(n: u32, gauge: Res<Gauge>) -> u32 {
    gauge.second().await;
    n
}

#[handler]
async fn both(_both: (u32, u32), gauge: Res<Gauge>) {
    gauge.second().await;
}

#[handler]
async fn pause(gauge: Res<Gauge>) {
    gauge.second().await;
}

flow! {
    /// Works on each number below `n`, without a limit of its own.
    flow Inner(u32);
    with Gauge;
    start -> count -> each work[8] -> ignore
}

flow! {
    /// The same, one level further in.
    flow Between(u32);
    with Gauge;
    start -> (Inner, work) -> ignore
}

flow! {
    /// At most two at a time, whatever is around it.
    flow Narrow(u32);
    concurrency 2;
    with Gauge;
    start -> count -> each work[8] -> ignore
}

/// Runs the flow, and returns how many attempts ran at the same time at most and how many seconds it
/// took.
macro_rules! measured {
    ($flow:expr, $input:expr) => {{
        let (gauge, start) = (Arc::new(Gauge::default()), Instant::now());
        $flow
            .with_arc(Arc::clone(&gauge))
            .run($input)
            .await
            .unwrap();
        (gauge.most(), start.elapsed().as_secs())
    }};
}

#[tokio::test(start_paused = true)]
async fn no_more_attempts_run_than_the_limit_in_all_clauses_and_branches() {
    let flow = flow! {
        concurrency 3;
        with Gauge;
        start(u32) -> (count -> each work[8] -> ignore, count -> each work[8] -> ignore) -> ignore
    };
    assert_eq!(measured!(flow, 6), (3, 4));
}

#[tokio::test(start_paused = true)]
async fn stages_count_together_with_the_outer_flow_at_any_depth() {
    let flow = flow! {
        concurrency 3;
        with Gauge;
        start(u32) -> (Between, Between, count -> each work[8] -> ignore) -> ignore
    };
    // 3 times 4 in `each`, and 2 beside them.
    assert_eq!(measured!(flow, 4), (3, 5));
}

#[tokio::test(start_paused = true)]
async fn a_stage_keeps_its_own_limit_in_addition() {
    let wide = flow! { concurrency 5; with Gauge; start(u32) -> Narrow };
    assert_eq!(measured!(wide, 6), (2, 3));
    let two = flow! { concurrency 3; with Gauge; start(u32) -> (Narrow, Narrow) -> ignore };
    assert_eq!(measured!(two, 6).0, 3);
}

#[tokio::test(start_paused = true)]
async fn a_named_flow_that_is_no_stage_has_no_limit_but_its_own() {
    assert_eq!(measured!(Inner::new(), 8), (8, 1));
    assert_eq!(measured!(Narrow::new(), 8), (2, 4));
}

#[tokio::test(start_paused = true)]
async fn executions_do_not_count_together() {
    let (gauge, flow) = (Arc::new(Gauge::default()), Narrow::new());
    let flow = flow.with_arc(Arc::clone(&gauge));
    let (one, other) = tokio::join!(flow.run(4), flow.run(4));
    one.and(other).unwrap();
    assert_eq!(gauge.most(), 4);
}

#[derive(Clone, Debug, Event)]
struct Job(u32);

#[derive(Clone, Debug, Event)]
#[event(answer = bool)]
struct Review(u32);

#[derive(Clone, Debug, Event)]
struct Left;
#[derive(Clone, Debug, Event)]
struct Right;

#[handler(emits = [Job, Left, Right])]
async fn begin(n: u32, cx: &Cx, gauge: Res<Gauge>) {
    for job in 0..n {
        cx.emit(Job(job));
    }
    cx.emit(Left);
    gauge.second().await;
    cx.emit(Right);
}

#[handler]
async fn review(Job(n): Job, gauge: Res<Gauge>) -> Review {
    gauge.second().await;
    Review(n)
}

#[handler]
async fn decide(review: Answered<Review>, gauge: Res<Gauge>, log: Res<Log>) {
    gauge.second().await;
    log.add(format!("decided {}", review.question.0));
}

#[handler(retry(attempts = 3, backoff = "10s", jitter = false))]
async fn flaky(_job: Job, cx: &Cx, gauge: Res<Gauge>) -> Result<()> {
    gauge.second().await;
    if cx.attempt() < 3 {
        return Err("not yet".into());
    }
    Ok(())
}

#[handler(concurrency = 2, retry(attempts = 2, backoff = "10s", jitter = false))]
async fn flaky_pair(_job: Job, cx: &Cx, gauge: Res<Gauge>) -> Result<()> {
    gauge.second().await;
    if cx.attempt() == 1 {
        return Err("not yet".into());
    }
    Ok(())
}

#[handler(concurrency(7, shared))]
async fn shared(_job: Job, gauge: Res<Gauge>) {
    gauge.second().await;
}

#[handler]
async fn fails(_n: u32, gauge: Res<Gauge>) -> Result<u32> {
    gauge.second().await;
    Err("no".into())
}

#[handler]
async fn instead(_why: Failed, gauge: Res<Gauge>) -> u32 {
    gauge.second().await;
    0
}

#[handler]
async fn fails_all(_all: (u32, u32, ()), gauge: Res<Gauge>) -> Result<()> {
    gauge.second().await;
    Err("no".into())
}

#[handler]
async fn together(_both: (Left, Right), gauge: Res<Gauge>) {
    gauge.second().await;
}

#[handler]
async fn ticked(_tick: Tick, gauge: Res<Gauge>) {
    gauge.second().await;
}

#[handler]
async fn close(gauge: Res<Gauge>, log: Res<Log>) {
    gauge.second().await;
    log.add("closed");
}

flow! {
    /// Waits for an answer to its question.
    flow Approve(Job) streams Asked<Review>;
    with Gauge;
    with Log;
    start -> review -> ask Review -> decide;
    finally within "30s" -> close
}

#[tokio::test(start_paused = true)]
async fn one_at_a_time_does_not_deadlock_with_any_part_of_the_language() {
    let flow = flow! {
        concurrency 1;
        streams Asked<Review>;
        with Gauge;
        with Log;
        start(u32) -> begin;
        when Job -> Approve;
        when Job -> flaky;
        when Job -> flaky_pair;
        when Job -> shared;
        when Job(n) -> work -> (
            fails else instead,
            first (fails, work),
            count -> each work[8] -> each work[8] -> ignore
        ) -> fails_all;
        when Left & Right -> together;
        rescue fails_all -> instead -> ignore;
        finally within "30s" -> close
    };
    let (gauge, log) = (Arc::new(Gauge::default()), Log::default());
    let flow = flow.with_arc(Arc::clone(&gauge)).with(log.clone());
    let mut execution = flow.stream(3);
    let mut asked = Vec::new();
    while let Some(review) = execution.next().await {
        let review = review.unwrap();
        // All three wait for their answers at the same time.
        asked.push(review);
        if asked.len() == 3 {
            for review in asked.drain(..) {
                review.answer(true).unwrap();
            }
        }
    }
    assert_eq!(gauge.most(), 1);
    let lines = log.lines();
    let count = |what: &str| lines.iter().filter(|line| line.starts_with(what)).count();
    assert_eq!((count("decided"), count("closed")), (3, 4));
}

#[tokio::test(start_paused = true)]
async fn ticks_take_turns_too() {
    let flow = flow! {
        concurrency 1;
        with Gauge;
        start -> pause -> pause -> pause -> end;
        every "500ms" -> ticked
    };
    // Two ticks in between, and one that waits for its turn when the end is decided.
    assert_eq!(measured!(flow, ()), (1, 6));
}

#[handler]
async fn note(n: u32, log: Res<Log>) -> u32 {
    log.add(n.to_string());
    sleep(SECOND * (10 - n)).await;
    n
}

#[tokio::test(start_paused = true)]
async fn attempts_that_wait_go_in_the_order_in_which_they_came() {
    let log = Log::default();
    let flow = flow! { concurrency 2; with Log; start -> list -> each note[9] -> ignore };
    flow.with(log.clone()).run(()).await.unwrap();
    assert_eq!(log.lines(), ["0", "1", "2", "3", "4", "5", "6", "7", "8"]);
}

#[handler]
async fn list() -> Vec<u32> {
    (0..9).collect()
}

#[handler(timeout = "1s 500ms")]
async fn timed(_n: u32, gauge: Res<Gauge>) -> Result<()> {
    gauge.second().await;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_timeout_begins_when_the_attempt_has_its_permit() {
    let flow = flow! {
        concurrency 1; with Gauge; start(u32) -> count -> each timed[8] -> ignore
    };
    assert_eq!(measured!(flow, 5), (1, 5));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_held_between_two_attempts() {
    let flow = flow! {
        concurrency 1;
        with Gauge;
        start(u32) -> begin_jobs;
        when Job -> flaky
    };
    // Each runs for a second three times, and waits for 10 and 20 in between, beside the others.
    assert_eq!(measured!(flow, 5), (1, 37));
}

#[handler(emits = Job)]
async fn begin_jobs(n: u32, cx: &Cx) {
    for job in 0..n {
        cx.emit(Job(job));
    }
}

#[handler]
async fn soon() -> u32 {
    7
}

#[tokio::test(start_paused = true)]
async fn what_is_dropped_gives_back_its_permit_or_its_place_in_the_queue() {
    let flow = flow! {
        concurrency 1;
        with Gauge;
        start -> first (soon, late -> work, late -> work) -> (work, work) -> both
    };
    assert_eq!(measured!(flow, ()), (1, 3));
    let flow = flow! { concurrency 1; with Gauge; start(u32) -> count -> each work[8] -> ignore };
    let gauge = Arc::new(Gauge::default());
    let flow = flow.with_arc(Arc::clone(&gauge));
    let mut execution = flow.stream(8);
    let until = tokio::time::timeout(SECOND / 2, execution.next());
    assert!(until.await.is_err());
    drop(execution);
    assert_eq!(gauge.now.load(Ordering::Relaxed), 0);
}

#[handler]
async fn late() -> u32 {
    8
}

struct Session;

#[handler]
async fn open_session(gauge: Res<Gauge>) -> Session {
    gauge.second().await;
    Session
}

#[handler]
async fn work_in_it(_n: u32, _session: Res<Session>, gauge: Res<Gauge>) {
    gauge.second().await;
}

flow! {
    /// Opens a session for itself.
    flow InSession(u32);
    with Gauge;
    with Session = open_session;
    start -> work_in_it
}

#[tokio::test(start_paused = true)]
async fn what_opens_a_resource_takes_turns_too() {
    let flow = flow! {
        concurrency 1;
        with Gauge;
        start(u32) -> count -> each InSession[8] -> ignore
    };
    // Each opens its own, and works.
    assert_eq!(measured!(flow, 3), (1, 6));
    let flow = flow! {
        concurrency 2;
        with Gauge;
        with Session = open_session;
        start(u32) -> (work_in_it, count -> each InSession[8] -> ignore) -> ignore
    };
    assert_eq!(measured!(flow, 3).0, 2);
}

#[handler(timeout = "30s", retry(attempts = 2))]
async fn retried(n: u32) -> Result<u32> {
    Ok(n)
}

#[handler(concurrency = 4)]
async fn limited(n: u32) -> u32 {
    n
}

#[tokio::test(start_paused = true)]
async fn what_a_test_puts_in_place_of_a_handler_takes_turns_whatever_limits_the_handler_has() {
    let flow = flow! {
        concurrency 1;
        with Gauge;
        start(u32) -> count -> each work[8] -> each retried -> each limited -> ignore
    };
    let flow = flow
        .replace::<work>()
        .by(async |n, cx| {
            cx.resource::<Gauge>().second().await;
            Ok(n)
        })
        .replace::<retried>()
        .by(async |n, cx| {
            cx.resource::<Gauge>().second().await;
            Ok(n)
        })
        .replace::<limited>()
        .by(async |n, cx| {
            cx.resource::<Gauge>().second().await;
            Ok(n)
        });
    assert_eq!(measured!(flow, 3), (1, 9));
}

#[tokio::test(start_paused = true)]
async fn the_limit_can_be_set_at_run_time_and_is_that_of_one_flow() {
    let flow = flow! { concurrency 8; with Gauge; start(u32) -> count -> each work[8] -> ignore };
    assert_eq!(measured!(flow.concurrency(2), 4), (2, 2));
    assert_eq!(measured!(Narrow::new().concurrency(4), 8), (4, 2));
    // A stage has its own.
    let outer = flow! { concurrency 8; with Gauge; start(u32) -> Narrow };
    assert_eq!(measured!(outer.concurrency(4), 4), (2, 2));
}

#[test]
#[should_panic(expected = "an execution with a `concurrency` of 0 would call no handler")]
fn no_attempts_at_all_are_refused_at_run_time() {
    let _flow = Narrow::new().concurrency(0);
}

#[tokio::test(start_paused = true)]
async fn a_flow_and_a_question_hold_no_permit() {
    let flow = flow! {
        concurrency 1;
        streams Asked<Review>;
        with Gauge;
        with Log;
        start(Job) -> (Approve, approve) -> ignore
    };
    let (gauge, log) = (Arc::new(Gauge::default()), Log::default());
    let flow = flow.with_arc(Arc::clone(&gauge)).with(log.clone());
    let mut execution = flow.stream(Job(1));
    let asked = execution.next().await.unwrap().unwrap();
    // The other branch runs while the question waits in the stage.
    let other = tokio::time::timeout(30 * SECOND, execution.next()).await;
    assert!(other.is_err());
    assert_eq!(log.lines(), ["approved"]);
    asked.answer(true).unwrap();
    assert_eq!(read(execution).await.1.map(|error| error.to_string()), None);
    assert_eq!(log.lines(), ["approved", "decided 1", "closed"]);
}

#[handler]
async fn approve(_job: Job, gauge: Res<Gauge>, log: Res<Log>) {
    gauge.second().await;
    gauge.second().await;
    log.add("approved");
}

#[test]
fn the_graph_and_its_json_have_the_limit() {
    const LIMIT: usize = 4;
    let flow = flow! { concurrency LIMIT + 1; start -> list -> ignore };
    assert_eq!(flow.graph().concurrency, Some(5));
    assert_eq!(Narrow::new().graph().concurrency, Some(2));
    assert_eq!(Inner::new().graph().concurrency, None);
}
