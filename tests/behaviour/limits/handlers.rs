//! `timeout`, `retry` and `concurrency` of a handler.

use std::error::Error;
use std::fmt;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flow_core::testing::Recorder;
use flow_core::{Cx, Failed, FlowErrorKind, Res, State, TimedOut, flow, handler};
use futures::StreamExt;
use tokio::time::{Instant, sleep};

use crate::{Alive, Ping, Pong, all};

/// The times of some steps, in milliseconds since the start.
#[derive(Clone)]
struct Times(Instant, Arc<Mutex<Vec<u128>>>);

impl Times {
    fn new() -> Self {
        Self(Instant::now(), Arc::default())
    }

    fn note(&self) -> usize {
        let mut times = self.1.lock().unwrap();
        times.push(self.0.elapsed().as_millis());
        times.len()
    }

    fn all(&self) -> Vec<u128> {
        self.1.lock().unwrap().clone()
    }
}

/// An error with a number.
#[derive(Debug, PartialEq)]
enum Broken {
    Transient(usize),
    ForGood,
    Late,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl Error for Broken {}

impl From<TimedOut> for Broken {
    fn from(_: TimedOut) -> Self {
        Self::Late
    }
}

impl Broken {
    fn is_transient(&self) -> bool {
        !matches!(self, Self::ForGood)
    }
}

#[handler(timeout = "30s")]
async fn hang(alive: Res<Alive>) {
    let _guard = alive.guard();
    std::future::pending::<()>().await;
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_takes_too_long_is_dropped_and_its_error_names_it() {
    let (start, alive) = (Instant::now(), Alive::default());
    let flow = flow! { with Alive; start -> hang };
    let error = flow.with(alive.clone()).run(()).await.unwrap_err();
    assert_eq!(start.elapsed().as_secs(), 30);
    assert_eq!(alive.count(), 0);
    assert_eq!(error.kind(), FlowErrorKind::TimedOut);
    assert_eq!(error.handler(), Some("hang"));
    assert_eq!(
        error.to_string(),
        "handler `hang` timed out on start after 30s"
    );
    assert_eq!(
        error.source().unwrap().downcast_ref(),
        Some(&TimedOut::new("hang", Duration::from_secs(30)))
    );
}

#[handler(on = "Ping", timeout = "1m 30s")]
async fn reply(Ping(seconds): Ping, cx: &Cx) -> Result<u32, Broken> {
    sleep(Duration::from_secs(seconds.into())).await;
    cx.put(format!("after {seconds} s")).await;
    Ok(seconds)
}

#[handler]
async fn tell(failed: Failed<Broken>, cx: &Cx) {
    cx.put(failed.to_string()).await;
}

#[tokio::test(start_paused = true)]
async fn a_timeout_becomes_the_handlers_own_error_which_a_rescue_sees() {
    let flow = flow! { start(Ping) -> reply -> ignore; rescue reply -> tell };
    assert_eq!(all(flow.stream(Ping(89))).await, ["after 89 s"]);
    assert_eq!(
        all(flow.stream(Ping(91))).await,
        ["handler `reply` failed on start: Late"]
    );
}

#[handler(emits = "Ping")]
async fn emit_one(cx: &Cx) {
    cx.emit(Ping(100));
}

#[tokio::test(start_paused = true)]
async fn an_error_converted_from_a_timeout_is_a_failure_of_its_own_type() {
    let flow = flow! { start -> emit_one; when Ping -> reply -> ignore };
    let error = flow.run(()).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Failed);
    assert_eq!(error.source().unwrap().downcast_ref(), Some(&Broken::Late));
}

#[handler(timeout = "5s")]
async fn put_three(cx: &Cx) {
    for n in 0..3 {
        cx.put(format!("item {n}")).await;
    }
    sleep(Duration::from_secs(4)).await;
    cx.put("done".to_owned()).await;
}

#[tokio::test(start_paused = true)]
async fn a_timeout_does_not_count_the_wait_for_a_slow_reader() {
    let flow = flow! { start -> put_three }.capacity(NonZeroUsize::MIN);
    let mut stream = std::pin::pin!(flow.stream(()));
    let mut items = Vec::new();
    while let Some(item) = stream.next().await {
        items.push(item.unwrap());
        sleep(Duration::from_secs(60)).await;
    }
    assert_eq!(items, ["item 0", "item 1", "item 2", "done"]);
}

#[tokio::test(start_paused = true)]
async fn a_timeout_goes_on_in_a_stream_that_is_not_polled_unless_a_put_waits() {
    #[handler(timeout = "30s")]
    async fn put_then_wait(waits: u64, cx: &Cx) {
        cx.put("begun").await;
        for _ in 0..waits {
            sleep(Duration::from_secs(10)).await;
        }
        cx.put("done").await;
    }

    let flow = flow! { start(u64) -> put_then_wait };
    for (waits, in_time) in [(1, true), (2, false)] {
        let mut stream = flow.stream(waits);
        assert_eq!(stream.next().await.unwrap().unwrap(), "begun");
        sleep(Duration::from_secs(60)).await;
        // What has become ready by the next poll is in time.
        assert_eq!(stream.next().await.unwrap().is_ok(), in_time, "{waits}");
    }
    // A spawned execution is polled by its own task.
    let mut execution = flow.spawn(2);
    assert!(execution.items().next().await.unwrap().is_ok());
    sleep(Duration::from_secs(60)).await;
    assert!(execution.items().next().await.unwrap().is_ok());
}

#[handler]
async fn numbers() -> Vec<u32> {
    vec![0, 1, 2, 3]
}

#[handler(timeout = "5s")]
async fn put_number(n: u32, cx: &Cx) {
    cx.put(format!("first {n}")).await;
    cx.put(format!("second {n}")).await;
}

#[tokio::test(start_paused = true)]
async fn nor_in_the_branches_of_an_each() {
    let flow =
        flow! { start -> numbers -> each put_number[4] -> ignore }.capacity(NonZeroUsize::MIN);
    let mut spawned = flow.spawn(());
    let mut items = 0;
    while spawned.items().next().await.is_some() {
        items += 1;
        sleep(Duration::from_secs(60)).await;
    }
    spawned.output().await.unwrap();
    assert_eq!(items, 8);
}

#[handler(timeout = "5s")]
async fn put_then_hang(cx: &Cx) {
    cx.put("one".to_owned()).await;
    cx.put("two".to_owned()).await;
    std::future::pending::<()>().await;
}

#[tokio::test(start_paused = true)]
async fn after_the_wait_for_its_reader_a_handler_has_the_rest_of_its_time() {
    let flow = flow! { start -> put_then_hang }.capacity(NonZeroUsize::MIN);
    let start = Instant::now();
    let mut spawned = flow.spawn(());
    sleep(Duration::from_secs(60)).await;
    while spawned.items().next().await.is_some() {}
    let error = spawned.output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TimedOut);
    assert_eq!(start.elapsed().as_secs(), 65);
}

/// Lets time pass within one poll, as a handler does that blocks its thread.
async fn block(time: Duration) {
    let mut advance = std::pin::pin!(tokio::time::advance(time));
    std::future::poll_fn(|cx| {
        let _ = advance.as_mut().poll(cx);
        std::task::Poll::Ready(())
    })
    .await;
}

#[handler(timeout = "5s", retry(attempts = 2, backoff = "1s", jitter = false))]
async fn block_at_first(seconds: u64, times: Res<Times>) -> Result<usize, Broken> {
    let attempt = times.note();
    if attempt == 1 {
        block(Duration::from_secs(seconds)).await;
    }
    Ok(attempt)
}

#[tokio::test(start_paused = true)]
async fn a_value_that_comes_late_in_one_poll_is_a_timeout() {
    let flow = flow! { with Times; start(u64) -> block_at_first -> end };
    assert_eq!(flow.clone().with(Times::new()).run(4).await.unwrap(), 1);
    assert_eq!(flow.with(Times::new()).run(6).await.unwrap(), 2);
}

#[handler(on = "Ping", timeout = "1s")]
async fn boxed(_ping: Ping) -> flow_core::Result<()> {
    std::future::pending().await
}

#[tokio::test(start_paused = true)]
async fn a_boxed_timeout_names_the_event() {
    let flow = flow! { start -> emit_one; when Ping -> boxed };
    let error = flow.run(()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "handler `boxed` timed out on `Ping` after 1s"
    );
}

/// Succeeds at this attempt.
#[handler(retry(attempts = 4, backoff = "100ms", max = "300ms", jitter = false))]
async fn succeed_at(number: usize, times: Res<Times>) -> Result<&'static str, Broken> {
    let attempt = times.note();
    if attempt < number {
        return Err(Broken::Transient(attempt));
    }
    Ok("done")
}

#[tokio::test(start_paused = true)]
async fn a_retry_waits_twice_as_long_each_time_up_to_the_longest() {
    let times = Times::new();
    let flow = flow! { with Times; start(usize) -> succeed_at -> end };
    assert_eq!(flow.with(times.clone()).run(4).await.unwrap(), "done");
    assert_eq!(times.all(), [0, 100, 300, 600]);
}

#[tokio::test(start_paused = true)]
async fn after_the_last_attempt_the_error_is_the_handlers_own() {
    let times = Times::new();
    let flow = flow! { with Times; start(usize) -> succeed_at -> ignore };
    let error = flow.with(times.clone()).run(9).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Failed);
    assert_eq!(
        error.source().unwrap().downcast_ref(),
        Some(&Broken::Transient(4))
    );
    assert_eq!(times.all().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn the_first_success_is_the_last_attempt() {
    let times = Times::new();
    let flow = flow! { with Times; start(usize) -> succeed_at -> ignore };
    flow.with(times.clone()).run(1).await.unwrap();
    assert_eq!(times.all(), [0]);
}

#[handler(retry(attempts = 5, backoff = "1s", jitter = false, if = Broken::is_transient))]
async fn give_up(times: Res<Times>) -> Result<(), Broken> {
    match times.note() {
        3 => Err(Broken::ForGood),
        attempt => Err(Broken::Transient(attempt)),
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_that_the_condition_rejects_is_not_retried() {
    let times = Times::new();
    let flow = flow! { with Times; start -> give_up };
    let error = flow.with(times.clone()).run(()).await.unwrap_err();
    assert_eq!(
        error.source().unwrap().downcast_ref(),
        Some(&Broken::ForGood)
    );
    assert_eq!(times.all(), [0, 1_000, 3_000]);
}

#[handler(timeout = "10s", retry(attempts = 3, backoff = "1s", jitter = false))]
async fn hang_twice(times: Res<Times>) -> u32 {
    if times.note() < 3 {
        std::future::pending::<()>().await;
    }
    7
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_took_too_long_is_retried() {
    let times = Times::new();
    let flow = flow! { with Times; start -> hang_twice -> end };
    assert_eq!(flow.with(times.clone()).run(()).await.unwrap(), 7);
    assert_eq!(times.all(), [0, 11_000, 23_000]);
}

#[handler(retry(attempts = 3))]
async fn panics(times: Res<Times>) -> flow_core::Result<()> {
    assert_eq!(times.note(), 9, "not this time");
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_not_retried() {
    let times = Times::new();
    let flow = flow! { with Times; start -> panics };
    let error = flow.with(times.clone()).run(()).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Panicked);
    assert_eq!(times.all().len(), 1);
}

#[handler(emits = "Ping")]
async fn emit_them(count: u32, cx: &Cx) {
    for n in 0..count {
        cx.emit(Ping(n));
    }
}

/// How many calls run now, and the maximum so far.
#[derive(Default)]
struct Most(usize, usize);

#[handler(on = "Ping", concurrency = 3)]
async fn three_at_a_time(Ping(n): Ping, cx: &Cx, most: State<Most>) {
    cx.put(n.to_string()).await;
    most.with(|most| {
        most.0 += 1;
        most.1 = most.1.max(most.0);
    });
    sleep(Duration::from_millis(100)).await;
    most.with(|most| {
        most.0 -= 1;
        assert!(most.1 <= 3, "{} at a time", most.1);
    });
}

#[tokio::test(start_paused = true)]
async fn no_more_calls_run_at_a_time_and_the_others_wait_in_their_order() {
    let start = Instant::now();
    let flow = flow! {
        state Most;
        start(u32) -> emit_them;
        when Ping -> three_at_a_time
    };
    let begun = all(flow.stream(10)).await;
    let in_order: Vec<_> = (0..10).map(|n: u32| n.to_string()).collect();
    assert_eq!(begun, in_order);
    // Four rounds of three.
    assert_eq!(start.elapsed().as_millis(), 400);
}

#[tokio::test(start_paused = true)]
async fn each_execution_counts_its_own_calls() {
    let start = Instant::now();
    let flow = flow! {
        state Most;
        start(u32) -> emit_them;
        when Ping -> three_at_a_time
    };
    let (one, other) = futures::join!(flow.run(3), flow.run(3));
    one.unwrap();
    other.unwrap();
    assert_eq!(start.elapsed().as_millis(), 100);
}

#[handler(on = ["Ping", "Pong"], concurrency = 1)]
async fn one_at_a_time(times: Res<Times>) {
    times.note();
    sleep(Duration::from_secs(1)).await;
}

#[handler(emits = ["Ping", "Pong"])]
async fn emit_both(cx: &Cx) {
    cx.emit(Ping(0));
    cx.emit(Pong(0));
}

#[tokio::test(start_paused = true)]
async fn the_clauses_of_a_flow_and_its_branches_count_together() {
    let times = Times::new();
    let flow = flow! {
        with Times;
        start -> emit_both;
        when Ping -> one_at_a_time;
        when Pong -> (one_at_a_time, one_at_a_time) -> ignore
    };
    flow.with(times.clone()).run(()).await.unwrap();
    assert_eq!(times.all(), [0, 1_000, 2_000]);
}

#[handler(
    on = "Ping",
    timeout = "10s",
    retry(attempts = 2, backoff = "1s", jitter = false),
    concurrency = 1
)]
async fn all_limits(Ping(n): Ping, cx: &Cx, times: Res<Times>) -> flow_core::Result<()> {
    cx.put(n.to_string()).await;
    if times.note() == 1 {
        std::future::pending::<()>().await;
    }
    sleep(Duration::from_secs(8)).await;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn time_begins_with_the_attempt_and_a_wait_for_the_next_holds_no_permit() {
    let times = Times::new();
    let flow = flow! { with Times; start(u32) -> emit_them; when Ping -> all_limits };
    let begun = all(flow.with(times.clone()).stream(3)).await;
    // The first call times out. The others have waited for 10 s and for 18 s, which does not count.
    // The second attempt of the first call queues after them.
    assert_eq!(begun, ["0", "1", "2", "0"]);
    assert_eq!(times.all(), [0, 10_000, 18_000, 26_000]);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_while_it_runs_gives_its_permit_back() {
    #[handler(on = "Ping", timeout = "1s", concurrency = 1)]
    async fn hang_alone(Ping(n): Ping, cx: &Cx) {
        cx.put(n.to_string()).await;
        if n == 0 {
            std::future::pending::<()>().await;
        }
    }

    #[handler]
    async fn apologise(cx: &Cx) {
        cx.put("sorry").await;
    }

    let flow = flow! {
        start(u32) -> emit_them;
        when Ping -> hang_alone;
        rescue hang_alone -> apologise
    };
    assert_eq!(all(flow.stream(2)).await, ["0", "sorry", "1"]);
}

static CALLS: AtomicUsize = AtomicUsize::new(0);

#[handler(timeout = "1ms", retry(attempts = 3), concurrency = 1)]
async fn plain(text: &'static str, cx: &Cx) -> flow_core::Result<()> {
    CALLS.fetch_add(1, Ordering::SeqCst);
    sleep(Duration::from_secs(1)).await;
    cx.put(text).await;
    Err("always".into())
}

#[tokio::test(start_paused = true)]
async fn a_handler_called_as_a_function_has_no_limits() {
    let recorder = Recorder::new();
    let error = plain("there", &recorder.cx()).await.unwrap_err();
    assert_eq!(error.to_string(), "always");
    assert_eq!(recorder.items::<String>(), ["there"]);
    assert_eq!(CALLS.load(Ordering::SeqCst), 1);
}

#[test]
fn the_limits_of_a_handler_are_data() {
    let flow = flow! { with Times; start(Ping) -> all_limits };
    let desc = flow.graph().clauses[0].handlers[0];
    assert_eq!(desc.timeout, Some(Duration::from_secs(10)));
    assert_eq!((desc.attempts, desc.concurrency), (2, Some(1)));
    assert!(desc.can_fail);

    let json = serde_json::to_value(desc).unwrap();
    assert_eq!(json["timeout"], 10_000);
    assert_eq!(json["attempts"], 2);
    assert_eq!(json["concurrency"], 1);

    let flow = flow! { start -> emit_one; ignore Ping };
    let desc = flow.graph().clauses[0].handlers[0];
    assert_eq!(
        (desc.timeout, desc.attempts, desc.concurrency),
        (None, 1, None)
    );
}

static IN_STAGES: AtomicUsize = AtomicUsize::new(0);
static MOST_IN_STAGES: AtomicUsize = AtomicUsize::new(0);

#[handler(concurrency = 2)]
async fn call_api(n: u32) -> u32 {
    let running = IN_STAGES.fetch_add(1, Ordering::SeqCst) + 1;
    MOST_IN_STAGES.fetch_max(running, Ordering::SeqCst);
    sleep(Duration::from_secs(1)).await;
    IN_STAGES.fetch_sub(1, Ordering::SeqCst);
    n
}

flow! {
    /// Calls the API.
    flow CallsApi(u32) -> u32;
    start -> call_api -> end
}

flow! {
    /// The same, a level deeper.
    flow CallsApiDeeper(u32) -> u32;
    start -> CallsApi -> end
}

#[handler]
async fn all_called(_called: (Vec<u32>, u32)) {}

#[tokio::test(start_paused = true)]
async fn a_concurrency_holds_for_all_stages_of_an_execution_together() {
    #[handler]
    async fn numbers() -> (Vec<u32>, u32) {
        ((0..6).collect(), 6)
    }
    #[handler]
    async fn many((many, _): (Vec<u32>, u32)) -> Vec<u32> {
        many
    }
    #[handler]
    async fn last((_, last): (Vec<u32>, u32)) -> u32 {
        last
    }
    let flow = flow! {
        start -> numbers -> (many -> each CallsApiDeeper, last -> call_api) -> all_called
    };
    let begun = Instant::now();
    flow.run(()).await.unwrap();
    assert_eq!(MOST_IN_STAGES.load(Ordering::SeqCst), 2);
    // Seven calls, two at a time.
    assert_eq!(begun.elapsed().as_secs(), 4);
}
