//! `timeout`, `idle_timeout` and `max_events` of an execution.

use std::error::Error;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use flow_core::{Cx, Event, FlowError, FlowErrorKind, Res, flow, handler};
use futures::{FutureExt, Stream, StreamExt};
use tokio::time::{Instant, advance, sleep};

use crate::{Alive, Guard, Ping, Pong, all};

const SECOND: Duration = Duration::from_secs(1);

/// The items, and the error at the end.
async fn failure<T>(stream: impl Stream<Item = Result<T, FlowError>>) -> (Vec<T>, FlowError) {
    let mut results: Vec<_> = stream.collect().await;
    let error = results.pop().unwrap().err().unwrap();
    (results.into_iter().map(Result::unwrap).collect(), error)
}

/// Puts an item each second.
#[handler]
async fn tick(ticks: u32, cx: &Cx, alive: Res<Alive>) {
    let _guard = alive.guard();
    for n in 1..=ticks {
        sleep(SECOND).await;
        cx.put(n.to_string()).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_execution_that_takes_too_long_is_ended_after_the_items_put_before() {
    let (start, alive) = (Instant::now(), Alive::default());
    let flow = flow! { timeout "2s 500ms"; with Alive; start(u32) -> tick };
    let (items, error) = failure(flow.with(alive.clone()).stream(100)).await;
    assert_eq!(items, ["1", "2"]);
    assert_eq!(start.elapsed().as_millis(), 2_500);
    assert_eq!(alive.count(), 0);
    assert_eq!(error.kind(), FlowErrorKind::TimedOut);
    assert_eq!((error.handler(), error.event()), (None, None));
    assert_eq!(error.to_string(), "the execution took longer than 2s 500ms");
    assert!(error.source().is_none());
}

#[tokio::test(start_paused = true)]
async fn an_execution_within_its_timeout_ends_by_itself() {
    let flow = flow! { timeout "3s"; with Alive; start(u32) -> tick };
    let items = all(flow.with(Alive::default()).stream(2)).await;
    assert_eq!(items, ["1", "2"]);
}

#[tokio::test(start_paused = true)]
async fn all_ways_to_run_return_the_same_timeout_error() {
    let flow = flow! { with Alive; start(u32) -> tick };
    let flow = flow.with(Alive::default()).timeout(SECOND * 2 + SECOND / 2);
    let expected = "the execution took longer than 2s 500ms";
    assert_eq!(flow.run(100).await.unwrap_err().to_string(), expected);
    let joined = flow.spawn(100).output().await.unwrap_err();
    assert_eq!(joined.to_string(), expected);
    let mut spawned = flow.spawn(100);
    let (items, error) = failure(spawned.items()).await;
    assert_eq!(items, ["1", "2"]);
    assert_eq!(error.to_string(), expected);
    let output = flow.stream(100).output().await.unwrap_err();
    assert_eq!(output.to_string(), expected);
}

#[tokio::test(start_paused = true)]
async fn a_timeout_beyond_the_range_of_the_clock_never_fires() {
    let flow = flow! { with Alive; start(u32) -> tick }.with(Alive::default());
    let flow = flow.timeout(Duration::MAX).idle_timeout(Duration::MAX);
    assert_eq!(all(flow.stream(2)).await, ["1", "2"]);
}

#[tokio::test(start_paused = true)]
async fn time_begins_with_the_first_poll() {
    let flow = flow! { timeout "3s"; with Alive; start(u32) -> tick };
    let execution = flow.with(Alive::default()).stream(2);
    advance(SECOND * 60).await;
    assert_eq!(all(execution).await, ["1", "2"]);
}

#[tokio::test(start_paused = true)]
async fn a_method_overrides_the_clause() {
    let flow = flow! { timeout "1s"; with Alive; start(u32) -> tick };
    let flow = flow.with(Alive::default()).timeout(SECOND * 10);
    assert_eq!(all(flow.clone().stream(3)).await, ["1", "2", "3"]);
}

#[handler(on = "Ping", emits = "Ping")]
async fn again(Ping(n): Ping, cx: &Cx) {
    cx.put(n.to_string()).await;
    cx.emit(Ping(n + 1));
}

/// Advances the clock by a millisecond for each event.
#[handler(on = "Pong", emits = "Pong")]
async fn slowly(Pong(n): Pong, cx: &Cx) {
    advance(Duration::from_millis(1)).await;
    cx.emit(Pong(n + 1));
}

#[tokio::test(start_paused = true)]
async fn a_loop_that_always_has_something_to_do_is_ended_in_time() {
    let start = Instant::now();
    let flow = flow! { timeout "10s"; start(Pong) -> slowly; when Pong -> slowly };
    let error = flow.run(Pong(0)).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TimedOut);
    // The driver checks the deadline once a poll, and a poll has a budget.
    assert!(start.elapsed() < SECOND * 11);
}

/// Wakes itself forever and does nothing else.
#[handler]
async fn spin() {
    loop {
        advance(Duration::from_millis(1)).await;
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_only_wakes_itself_is_ended_in_time_and_counts_as_idle() {
    let flow = flow! { start -> spin };
    let error = flow.clone().timeout(SECOND).run(()).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TimedOut);
    let error = flow.clone().idle_timeout(SECOND).run(()).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Idle);
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_is_polled_too_late_ends_before_a_handler_goes_on() {
    let flow = flow! { timeout "10s"; with Alive; start(u32) -> tick };
    let mut execution = flow.with(Alive::default()).stream(100);
    assert_eq!(execution.next().await.unwrap().unwrap(), "1");
    sleep(SECOND * 60).await;
    let error = execution.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TimedOut);
    assert!(execution.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn the_total_time_goes_on_while_a_put_waits_for_the_reader() {
    #[handler]
    async fn put_two(cx: &Cx) {
        cx.put("one").await;
        cx.put("two").await;
    }

    let flow = flow! { timeout "10s"; start -> put_two }.capacity(NonZeroUsize::MIN);
    let mut execution = flow.stream(());
    assert_eq!(execution.next().await.unwrap().unwrap(), "one");
    sleep(SECOND * 60).await;
    let error = execution.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TimedOut);

    // The task of a spawned execution is polled in time.
    let mut execution = flow.spawn(());
    sleep(SECOND * 60).await;
    let items: Vec<_> = execution.items().collect().await;
    let [Ok(one), Err(error)] = &items[..] else {
        panic!("{items:?}");
    };
    assert_eq!(
        (one.as_str(), error.kind()),
        ("one", FlowErrorKind::TimedOut)
    );
}

#[handler(emits = "Ping")]
async fn emit_one(cx: &Cx) {
    cx.emit(Ping(1));
}

#[handler(on = "Ping")]
async fn hang(_ping: Ping) {
    std::future::pending::<()>().await;
}

#[tokio::test(start_paused = true)]
async fn an_idle_execution_is_ended_and_names_the_running_handler() {
    let start = Instant::now();
    let flow = flow! { idle_timeout "30s"; start -> emit_one; when Ping -> hang };
    let error = flow.run(()).await.unwrap_err();
    assert_eq!(start.elapsed().as_secs(), 30);
    assert_eq!(error.kind(), FlowErrorKind::Idle);
    assert_eq!(
        (error.handler(), error.event()),
        (Some("hang"), Some("Ping"))
    );
    assert_eq!(
        error.to_string(),
        "the execution was idle for 30s while `hang` was running"
    );
}

#[handler]
async fn nothing() {}

#[tokio::test(start_paused = true)]
async fn an_idle_execution_that_waits_for_the_outside_names_no_handler() {
    let flow = flow! { idle_timeout "30s"; external Ping; start -> nothing; when Ping -> hang };
    let mut spawned = flow.spawn(());
    let (_, error) = failure(spawned.items()).await;
    assert_eq!(error.to_string(), "the execution was idle for 30s");
}

#[handler(on = "Ping", emits = "Ping")]
async fn count_down(Ping(n): Ping, cx: &Cx) {
    sleep(SECOND).await;
    if n > 0 {
        cx.emit(Ping(n - 1));
    } else {
        std::future::pending::<()>().await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_and_an_item_each_reset_the_idle_timeout() {
    // Five events, one each second, then nothing.
    let start = Instant::now();
    let flow = flow! { start(Ping) -> count_down; when Ping -> count_down };
    let flow = flow.idle_timeout(Duration::from_millis(1_500));
    assert_eq!(
        flow.run(Ping(5)).await.unwrap_err().kind(),
        FlowErrorKind::Idle
    );
    assert_eq!(start.elapsed().as_millis(), 5_000 + 1_500);

    // Items with a reader, then without one.
    let flow = flow! { with Alive; start(u32) -> tick };
    let flow = flow.with(Alive::default()).idle_timeout(SECOND * 3 / 2);
    assert_eq!(all(flow.stream(10)).await.len(), 10);
    flow.run(10).await.unwrap();
    flow.spawn(10).output().await.unwrap();
}

#[handler]
async fn wait(n: u64) -> u64 {
    sleep(SECOND * 4).await;
    n
}

#[tokio::test(start_paused = true)]
async fn a_finished_stage_resets_the_idle_timeout() {
    let flow = flow! { start(u64) -> wait -> wait -> wait -> ignore };
    flow.clone().idle_timeout(SECOND * 5).run(1).await.unwrap();
    let error = flow.idle_timeout(SECOND * 3).run(1).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Idle);
}

#[tokio::test(start_paused = true)]
async fn items_of_a_task_reset_the_idle_timeout() {
    #[handler]
    async fn leave(cx: &Cx) {
        let cx = cx.clone();
        tokio::spawn(async move {
            for _ in 0..10 {
                sleep(SECOND).await;
                cx.put("from outside").await;
            }
        });
    }

    let flow = flow! { start -> leave }.idle_timeout(SECOND * 3 / 2);
    assert_eq!(all(flow.stream(())).await.len(), 10);
    flow.run(()).await.unwrap();
}

/// Puts more items than the stream holds.
#[handler]
async fn put_five(cx: &Cx) {
    for n in 0..5 {
        cx.put(n.to_string()).await;
    }
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_slow_reader_is_not_idle() {
    let flow = flow! { idle_timeout "2s"; start -> put_five }.capacity(NonZeroUsize::MIN);
    let mut execution = flow.stream(());
    let mut count = 0;
    while let Some(item) = execution.next().await {
        item.unwrap();
        count += 1;
        sleep(SECOND * 60).await;
    }
    assert_eq!(count, 5);

    let mut spawned = flow.spawn(());
    let mut count = 0;
    while let Some(item) = spawned.items().next().await {
        item.unwrap();
        count += 1;
        sleep(SECOND * 60).await;
    }
    assert_eq!(count, 5);
}

/// Puts three items, then hangs.
#[handler]
async fn put_three_and_hang(cx: &Cx) {
    for n in 0..3 {
        cx.put(n.to_string()).await;
    }
    std::future::pending::<()>().await;
}

#[tokio::test(start_paused = true)]
async fn reading_an_item_resets_the_idle_timeout() {
    let start = Instant::now();
    let flow = flow! { idle_timeout "10s"; start -> put_three_and_hang };
    let mut execution = flow.stream(());
    for _ in 0..3 {
        execution.next().await.unwrap().unwrap();
        sleep(SECOND * 60).await;
    }
    let error = execution.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Idle);
    // The time counts from the last poll of the reader.
    assert_eq!(start.elapsed().as_secs(), 180 + 10);
}

#[tokio::test(start_paused = true)]
async fn reading_an_item_through_a_handle_resets_the_idle_timeout() {
    let start = Instant::now();
    let flow = flow! { idle_timeout "10s"; start -> put_three_and_hang };
    let mut spawned = flow.spawn(());
    for _ in 0..3 {
        spawned.items().next().await.unwrap().unwrap();
        sleep(SECOND * 6).await;
    }
    let (_, error) = failure(spawned.items()).await;
    assert_eq!(error.kind(), FlowErrorKind::Idle);
    // The items are read at 0, 6 and 12 s; the driver notices at its checks after 10 and 20 s.
    assert_eq!(start.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn the_nearest_of_several_deadlines_counts() {
    let flow = flow! { timeout "20s"; idle_timeout "5s"; start -> emit_one; when Ping -> hang };
    let kind = |error: FlowError| error.kind();
    assert_eq!(kind(flow.run(()).await.unwrap_err()), FlowErrorKind::Idle);
    let flow = flow.idle_timeout(SECOND * 60);
    assert_eq!(
        kind(flow.run(()).await.unwrap_err()),
        FlowErrorKind::TimedOut
    );
}

#[tokio::test]
async fn a_loop_is_ended_after_max_events() {
    let flow = flow! { max_events 3; start(Ping) -> again; when Ping -> again };
    let (items, error) = failure(flow.stream(Ping(0))).await;
    // One item of `start`, and one of each of three events.
    assert_eq!(items, ["0", "1", "2", "3"]);
    assert_eq!(error.kind(), FlowErrorKind::TooManyEvents);
    assert_eq!(
        (error.handler(), error.event()),
        (Some("again"), Some("Ping"))
    );
    assert_eq!(
        error.to_string(),
        "the execution exceeded its `max_events` of 3; the last event was `Ping`"
    );
    let expected = error.to_string();
    let error = flow.run(Ping(0)).await.unwrap_err();
    assert_eq!(error.to_string(), expected);
    let error = flow.spawn(Ping(0)).output().await.unwrap_err();
    assert_eq!(error.to_string(), expected);
    let error = flow.max_events(1_000_000).run(Ping(0)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the execution exceeded its `max_events` of 1000000; the last event was `Ping`"
    );
}

#[handler(emits = "Ping")]
async fn emit_some(count: u32, cx: &Cx) {
    for n in 0..count {
        cx.emit(Ping(n));
    }
}

#[handler(on = "Ping")]
async fn take(_ping: Ping) {}

#[tokio::test]
async fn exactly_max_events_are_allowed_and_each_delivery_counts() {
    let flow = flow! { max_events 10; start(u32) -> emit_some; when Ping -> take };
    flow.run(10).await.unwrap();
    flow.run(11).await.unwrap_err();
    let flow = flow! {
        max_events 10;
        start(u32) -> emit_some;
        when Ping -> take;
        when Ping -> hang
    };
    assert_eq!(
        flow.run(6).await.unwrap_err().kind(),
        FlowErrorKind::TooManyEvents
    );
    assert!(flow.run(5).now_or_never().is_none());
}

#[handler(emits = "Ping")]
async fn emit_some_and_put(count: u32, cx: &Cx) {
    for n in 0..count {
        cx.emit(Ping(n));
    }
    cx.put("emitted").await;
}

#[tokio::test]
async fn events_count_when_they_are_emitted_and_not_when_they_are_taken() {
    let flow = flow! { max_events 10; start(u32) -> emit_some_and_put; when Ping -> take };
    assert_eq!(all(flow.stream(10)).await, ["emitted"]);
    let (items, error) = failure(flow.stream(11)).await;
    assert_eq!(items, [""; 0]);
    assert_eq!(error.kind(), FlowErrorKind::TooManyEvents);
    assert_eq!(error.handler(), Some("emit_some_and_put"));
}

/// An event that waits holds the guard.
#[derive(Event)]
struct Held(#[expect(dead_code, reason = "it is held")] Guard);

#[handler(emits = "Held")]
async fn flood(count: usize, cx: &Cx, alive: Res<Alive>, most: Res<AtomicUsize>) {
    for _ in 0..count {
        cx.emit(Held(alive.guard()));
        most.fetch_max(alive.count(), Ordering::SeqCst);
    }
}

#[handler(on = "Held")]
async fn release(_held: Held) {}

#[tokio::test]
async fn events_beyond_max_events_do_not_pile_up_while_their_handler_goes_on() {
    let (alive, most) = (Alive::default(), Arc::new(AtomicUsize::new(0)));
    let flow = flow! {
        with Alive;
        with AtomicUsize;
        max_events 10;
        start(usize) -> flood;
        when Held -> release
    };
    let flow = flow.with(alive.clone()).with_arc(Arc::clone(&most));
    let error = flow.run(10_000).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TooManyEvents);
    assert_eq!((most.load(Ordering::SeqCst), alive.count()), (10, 0));
}

#[tokio::test]
async fn events_of_clones_of_the_context_count() {
    #[handler(emits = "Ping")]
    async fn emit_elsewhere(count: u32, cx: &Cx) {
        let cx = cx.clone();
        let task = tokio::spawn(async move { (0..count).for_each(|n| cx.emit(Ping(n))) });
        task.await.unwrap();
    }

    let flow = flow! { max_events 10; start(u32) -> emit_elsewhere; when Ping -> take };
    flow.run(10).await.unwrap();
    let error = flow.run(11).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TooManyEvents);
    // No handler is known for a task.
    assert_eq!((error.handler(), error.event()), (None, Some("Ping")));
}

#[tokio::test]
async fn partners_count_each_and_rescues_do_not() {
    #[handler(emits = ["Ping", "Pong"])]
    async fn emit_both(cx: &Cx) {
        cx.emit(Ping(1));
        cx.emit(Pong(1));
    }

    #[handler]
    async fn fail(_: (Ping, Pong)) -> flow_core::Result<()> {
        Err("no ink".into())
    }

    let flow = flow! { start -> emit_both; when Ping & Pong -> fail; rescue fail -> ignore };
    flow.clone().max_events(2).run(()).await.unwrap();
    let error = flow.max_events(1).run(()).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TooManyEvents);
    assert_eq!(error.event(), Some("Pong"));
}

flow! {
    flow Emitting(u32);
    start -> emit_some;
    when Ping -> take
}

flow! {
    flow EmittingLittle(u32);
    max_events 3;
    start -> emit_some;
    when Ping -> take
}

#[handler]
async fn number(n: u32) -> u32 {
    n
}

#[tokio::test]
async fn a_flow_within_another_counts_its_own_events() {
    let flow = flow! { max_events 1; start(u32) -> number -> Emitting };
    flow.run(10).await.unwrap();
    let flow = flow! { max_events 1; start(u32) -> number -> EmittingLittle };
    flow.run(3).await.unwrap();
    let error = flow.run(4).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Failed);
    let inner: &FlowError = error.source().unwrap().downcast_ref().unwrap();
    assert_eq!(inner.kind(), FlowErrorKind::TooManyEvents);
}

flow! {
    flow Inner(Ping);
    idle_timeout "5s";
    start -> hang
}

#[handler]
async fn make() -> Ping {
    Ping(0)
}

#[tokio::test(start_paused = true)]
async fn a_flow_within_another_keeps_its_own_limits() {
    let start = Instant::now();
    let flow = flow! { idle_timeout "60s"; start -> make -> Inner };
    let error = flow.run(()).await.unwrap_err();
    assert_eq!(start.elapsed().as_secs(), 5);
    assert_eq!(error.kind(), FlowErrorKind::Failed);
    assert_eq!(error.handler(), Some("Inner"));
    let inner: &FlowError = error.source().unwrap().downcast_ref().unwrap();
    assert_eq!(inner.kind(), FlowErrorKind::Idle);
    assert_eq!(inner.handler(), Some("hang"));
}

#[test]
fn a_blocking_iterator_has_its_own_clock() {
    let flow = flow! { timeout "20ms"; start -> emit_one; when Ping -> hang };
    let error = flow.blocking_iter(()).next().unwrap().unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TimedOut);
}

#[test]
fn the_limits_of_a_flow_are_data() {
    let flow = flow! {
        timeout "1m";
        idle_timeout "250ms";
        max_events 10_000;
        max_pending 1_000;
        start -> nothing
    };
    let graph = flow.graph();
    assert_eq!(graph.timeout, Some(SECOND * 60));
    assert_eq!(graph.idle_timeout, Some(SECOND / 4));
    assert_eq!(graph.max_events, Some(10_000));
    assert_eq!(graph.max_pending, Some(1_000));
    let json = serde_json::to_value(graph).unwrap();
    assert_eq!(json["timeout"], 60_000);
    assert_eq!(json["idle_timeout"], 250);
    assert_eq!(json["max_events"], 10_000);
    assert_eq!(json["max_pending"], 1_000);
}
