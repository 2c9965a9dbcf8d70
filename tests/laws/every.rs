//! `every "1s" -> tick` runs at each period until the end is decided, without overlapping itself.

use std::time::Duration;

use flow_core::lifecycle::LifecycleKind;
use flow_core::{
    Answered, Asked, Cx, Event, Failed, FlowErrorKind, Res, Result, State, Tick, TimedOut, flow,
    handler,
};
use futures::StreamExt;
use tokio::time::{Instant, sleep, timeout};

use crate::{Log, read};

const SECOND: Duration = Duration::from_secs(1);

/// When the execution began, for the times in the log.
#[derive(Clone)]
struct Clock(Instant, Log);

impl Clock {
    fn new() -> Self {
        Self(Instant::now(), Log::default())
    }

    /// Notes the time in tenths of a second.
    fn note(&self, what: &str) {
        let time = self.0.elapsed().as_millis() / 100;
        self.1.add(format!("{what} {time}"));
    }

    fn lines(&self) -> Vec<String> {
        self.1.lines()
    }
}

#[handler]
async fn begin() {}

#[handler]
async fn last(seconds: u64) -> u64 {
    sleep(Duration::from_secs(seconds)).await;
    seconds
}

#[handler]
async fn beat(clock: Res<Clock>) {
    clock.note("beat");
}

#[handler]
async fn count(tick: Tick, clock: Res<Clock>) {
    clock.note(&format!("{} at", tick.count()));
}

#[tokio::test(start_paused = true)]
async fn the_first_tick_comes_after_one_period_and_the_last_before_the_end() {
    let clock = Clock::new();
    let flow = flow! {
        with Clock;
        start(u64) -> last -> end;
        every "2s" -> beat
    };
    assert_eq!(flow.with(clock.clone()).run(7).await.unwrap(), 7);
    assert_eq!(clock.lines(), ["beat 20", "beat 40", "beat 60"]);
    assert_eq!(clock.0.elapsed(), 7 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn each_clause_has_a_clock_of_its_own() {
    const PERIOD: Duration = Duration::from_millis(1_500);
    let clock = Clock::new();
    let flow = flow! {
        with Clock;
        start(u64) -> last -> end;
        every "2s" -> count;
        every PERIOD -> beat
    };
    flow.with(clock.clone()).run(5).await.unwrap();
    let expected = ["beat 15", "1 at 20", "beat 30", "1 at 40", "beat 45"];
    assert_eq!(clock.lines(), expected);
}

#[handler]
async fn slow(tick: Tick, clock: Res<Clock>) -> u64 {
    clock.note(&format!("begins {} at", tick.count()));
    sleep(Duration::from_millis(3_500)).await;
    tick.count()
}

#[handler]
async fn done(_count: u64, clock: Res<Clock>) {
    sleep(SECOND).await;
    clock.note("done");
}

#[tokio::test(start_paused = true)]
async fn a_tick_whose_route_still_runs_is_missed_and_missed_ticks_come_as_one() {
    let clock = Clock::new();
    let flow = flow! {
        with Clock;
        start(u64) -> last -> end;
        every "1s" -> slow -> done
    };
    flow.with(clock.clone()).run(13).await.unwrap();
    let expected = [
        "begins 1 at 10",
        "done 55",
        // Those of 2, 3, 4 and 5 seconds.
        "begins 4 at 55",
        "done 100",
        "begins 5 at 100",
        // Under way as the end is decided: it is finished.
        "done 145",
    ];
    assert_eq!(clock.lines(), expected);
}

#[tokio::test(start_paused = true)]
async fn ticks_that_are_missed_because_nothing_polls_come_as_one() {
    let clock = Clock::new();
    let flow = flow! {
        with Clock;
        start -> begin;
        every "1s" -> count
    };
    let mut items = flow.with(clock.clone()).stream(());
    assert!(futures::poll!(items.next()).is_pending());
    sleep(Duration::from_millis(4_700)).await;
    assert!(futures::poll!(items.next()).is_pending());
    assert_eq!(clock.lines(), ["4 at 47"]);
    sleep(Duration::from_millis(300)).await;
    assert!(futures::poll!(items.next()).is_pending());
    assert_eq!(clock.lines(), ["4 at 47", "1 at 50"]);
}

#[handler]
async fn third(total: State<u64>) -> Option<u64> {
    total.with(|total| {
        *total += 1;
        (*total == 3).then_some(*total)
    })
}

#[tokio::test(start_paused = true)]
async fn a_tick_may_end_the_execution_that_it_keeps_open() {
    let clock = Clock::new();
    let flow = flow! {
        flow -> u64;
        state u64;
        start -> begin;
        every "1m" -> third -> match { Some(n) => end, None => ignore }
    };
    assert_eq!(flow.run(()).await.unwrap(), 3);
    assert_eq!(clock.0.elapsed(), 180 * SECOND);
}

#[handler]
async fn stop_at_three(total: State<u64>, cx: &Cx) {
    total.with(|total| *total += 1);
    if total.with(|total| *total == 3) {
        cx.stop();
    }
}

#[tokio::test(start_paused = true)]
async fn a_flow_without_an_output_ticks_until_it_is_stopped_or_dropped() {
    let flow = flow! { state u64; start -> begin; every "1s" -> stop_at_three };
    let before = Instant::now();
    flow.run(()).await.unwrap();
    assert_eq!(before.elapsed(), 3 * SECOND);
    let spawned = flow.spawn(());
    sleep(SECOND).await;
    spawned.cancel();
    let error = spawned.output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Cancelled);
}

#[handler]
async fn end_later(clock: Res<Clock>) -> u32 {
    sleep(2 * SECOND).await;
    clock.note("end");
    7
}

#[derive(Clone, Event)]
struct Work;

#[handler(emits = Work)]
async fn both(cx: &Cx) {
    cx.emit(Work);
}

#[handler]
async fn long(clock: Res<Clock>) {
    sleep(10 * SECOND).await;
    clock.note("work");
}

#[tokio::test(start_paused = true)]
async fn no_tick_begins_while_the_rest_is_finished_after_the_end() {
    let clock = Clock::new();
    let flow = flow! {
        with Clock;
        start -> both;
        when Work -> end_later -> end;
        when Work -> long;
        every "700ms" -> beat
    };
    assert_eq!(flow.with(clock.clone()).run(()).await.unwrap(), 7);
    assert_eq!(clock.lines(), ["beat 7", "beat 14", "end 20", "work 100"]);
}

#[handler]
async fn settle(clock: Res<Clock>) {
    sleep(5 * SECOND).await;
    clock.note("settled");
}

#[tokio::test(start_paused = true)]
async fn no_tick_begins_in_a_finally() {
    let clock = Clock::new();
    let flow = flow! {
        with Clock;
        start(u64) -> last -> end;
        every "1s" -> slow -> ignore;
        finally within "30s" -> settle
    };
    flow.with(clock.clone()).run(1).await.unwrap();
    assert_eq!(clock.lines(), ["settled 60"]);
}

#[tokio::test(start_paused = true)]
async fn ticks_count_as_events() {
    let clock = Clock::new();
    let flow = flow! {
        with Clock;
        max_events 3;
        start -> begin;
        every "1s" -> beat
    };
    let error = flow.with(clock.clone()).run(()).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TooManyEvents);
    let message = "the execution exceeded its `max_events` of 3; the last was a tick of `every`";
    assert_eq!(error.to_string(), message);
    assert_eq!((error.handler(), error.event()), (None, None));
    assert_eq!(clock.lines().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn ticks_are_no_activity() {
    let clock = Clock::new();
    let flow = flow! {
        with Clock;
        idle_timeout "5s";
        start -> begin;
        every "1s" -> wait_a_bit -> beat
    };
    let error = flow.with(clock.clone()).run(()).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Idle);
    assert_eq!(error.to_string(), "the execution was idle for 5s");
    assert_eq!(clock.0.elapsed(), 5 * SECOND);
}

#[handler]
async fn wait_a_bit() {
    sleep(Duration::from_millis(100)).await;
}

#[handler]
async fn put_at_first(total: State<u64>, cx: &Cx) {
    let first = total.with(|total| {
        *total += 1;
        *total == 1
    });
    if first {
        cx.put("still there").await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_item_that_a_tick_puts_is_activity() {
    let before = Instant::now();
    let flow = flow! {
        idle_timeout "5s";
        state u64;
        start -> begin;
        every "3s" -> put_at_first
    };
    let (items, error) = read(flow.stream(())).await;
    assert_eq!(items, ["still there"]);
    assert_eq!(error.unwrap().kind(), FlowErrorKind::Idle);
    assert_eq!(before.elapsed(), 8 * SECOND);
}

#[handler]
async fn work_for_a_while() -> u32 {
    for _ in 0..4 {
        sleep(3 * SECOND).await;
    }
    1
}

#[handler]
async fn three(_: u32) -> u32 {
    sleep(3 * SECOND).await;
    3
}

#[tokio::test(start_paused = true)]
async fn a_clause_that_goes_on_beside_ticks_is_activity() {
    // The first stage ends after 12 seconds, which the ticks do not hide.
    let flow = flow! {
        idle_timeout "13s";
        start -> work_for_a_while -> three -> three -> end;
        every "3s" -> begin
    };
    assert_eq!(flow.run(()).await.unwrap(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_period_is_given_at_run_time() {
    let clock = Clock::new();
    let flow = flow! {
        with Clock;
        start(u64) -> last -> end;
        every "1h" -> beat;
        every "1s" -> count
    };
    let flow = flow.with(clock.clone()).every_of::<beat>(2 * SECOND);
    flow.run(3).await.unwrap();
    assert_eq!(clock.lines(), ["1 at 10", "beat 20", "1 at 20"]);
}

#[test]
#[should_panic(expected = "an `every` with a period of zero would never rest")]
fn a_period_of_zero_is_refused_at_run_time() {
    let flow = flow! { start -> begin; every "1h" -> wait_a_bit };
    let _flow = flow.every_of::<wait_a_bit>(Duration::ZERO);
}

flow! {
    /// Ends by itself.
    flow Watched(u64) -> u64;
    with Clock;
    start -> last -> end;
    every "1s" -> beat
}

flow! {
    /// Ticks until the outer flow ends.
    flow Heart;
    with Clock;
    start -> begin;
    every "1500ms" -> beat
}

flow! {
    /// Has its output only from a tick.
    flow Poll -> u64;
    state u64;
    start -> begin;
    every "1s" -> third -> match { Some(n) => end, None => ignore }
}

#[handler]
async fn after(clock: Res<Clock>) {
    clock.note("after");
}

#[handler]
async fn rest(_: u64) {
    sleep(3 * SECOND).await;
}

#[tokio::test(start_paused = true)]
async fn the_clock_of_a_stage_stops_with_the_stage() {
    let clock = Clock::new();
    let flow = flow! { with Clock; start(u64) -> Watched -> rest -> after };
    flow.with(clock.clone()).run(2).await.unwrap();
    assert_eq!(clock.lines(), ["beat 10", "after 50"]);
}

#[tokio::test(start_paused = true)]
async fn the_clock_of_a_stage_stops_with_the_end_of_the_outer_flow() {
    let clock = Clock::new();
    let flow = flow! {
        with Clock;
        start -> both;
        when Work -> end_later -> end;
        when Work -> begin -> Heart -> after;
    };
    let flow = flow.with(clock.clone());
    assert_eq!(flow.run(()).await.unwrap(), 7);
    assert_eq!(clock.lines(), ["beat 15", "end 20", "after 20"]);
}

#[tokio::test(start_paused = true)]
async fn a_stage_that_waits_for_a_tick_is_given_up_at_the_end_of_the_outer_flow() {
    let clock = Clock::new();
    let flow = flow! {
        with Clock;
        start -> both;
        when Work -> end_later -> end;
        when Work -> begin -> Poll -> after;
    };
    assert_eq!(flow.with(clock.clone()).run(()).await.unwrap(), 7);
    assert_eq!(clock.lines(), ["end 20"]);
}

#[tokio::test(start_paused = true)]
async fn a_period_that_is_given_at_run_time_reaches_stages() {
    let clock = Clock::new();
    let flow = flow! { with Clock; start(u64) -> Watched -> rest };
    let flow = flow.with(clock.clone()).every_of::<beat>(4 * SECOND);
    flow.run(5).await.unwrap();
    assert_eq!(clock.lines(), ["beat 40"]);
}

#[derive(Clone, Event)]
struct Found(u64);

#[handler(emits = Found, timeout = "1s")]
async fn look(tick: Tick, total: State<u64>, cx: &Cx) -> Result<()> {
    let looked = total.with(|total| {
        *total += tick.count();
        *total
    });
    match looked {
        1 => Err("not there".into()),
        2 => std::future::pending().await,
        found => {
            cx.emit(Found(found));
            Ok(())
        }
    }
}

#[handler]
async fn note(failed: Failed<flow_core::BoxError>, clock: Res<Clock>) {
    let is_late = failed.error.is::<TimedOut>();
    clock.note(if is_late { "late at" } else { "failed at" });
}

#[handler]
async fn found(Found(n): Found, clock: Res<Clock>) -> u64 {
    clock.note("found at");
    n
}

#[tokio::test(start_paused = true)]
async fn a_route_of_ticks_is_rescued_and_emits_like_any_other() {
    let clock = Clock::new();
    let flow = flow! {
        with Clock;
        state u64;
        start -> begin;
        every "10s" -> look;
        when Found -> found -> end;
        rescue look -> note
    };
    assert_eq!(flow.with(clock.clone()).run(()).await.unwrap(), 3);
    let expected = ["failed at 100", "late at 210", "found at 300"];
    assert_eq!(clock.lines(), expected);
}

#[handler]
async fn cached(clock: Res<Clock>) {
    clock.note("cached at");
}

#[tokio::test(start_paused = true)]
async fn what_stands_in_for_a_stage_of_a_tick_goes_on_with_it() {
    let clock = Clock::new();
    let flow = flow! {
        with Clock;
        state u64;
        start -> begin;
        every "10s" -> (look else cached, third) -> ignore;
        when Found -> found -> end;
    };
    flow.with(clock.clone()).run(()).await.unwrap();
    assert_eq!(clock.lines(), ["cached at 100", "found at 200"]);
}

#[tokio::test(start_paused = true)]
async fn a_failure_says_that_it_was_in_every() {
    let flow = flow! { state u64; start -> begin; every "1s" -> look; ignore Found };
    let error = flow.run(()).await.unwrap_err();
    assert_eq!(error.to_string(), "handler `look` failed in `every`");
    assert_eq!((error.handler(), error.event()), (Some("look"), None));
}

#[tokio::test(start_paused = true)]
async fn observers_are_told_of_ticks_which_nothing_caused() {
    let log = Log::default();
    let told = log.clone();
    let flow = flow! { state u64; start -> begin; every "1s" -> stop_at_three };
    let flow = flow.observe(move |event| {
        if let LifecycleKind::ClauseEntered { trigger, cause, .. } = &event.kind {
            let is_caused = cause.is_some();
            told.add(format!("{}: {trigger:?}, {is_caused}", event.kind));
        }
    });
    flow.run(()).await.unwrap();
    let tick = "`every \"1s\"` was entered: None, false";
    assert_eq!(
        log.lines(),
        ["`start` was entered: None, false", tick, tick, tick]
    );
}

#[test]
fn an_execution_that_ticks_needs_a_clock() {
    let flow = flow! { start -> begin; every "1s" -> wait_a_bit };
    let error = futures::executor::block_on(flow.run(())).unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Runtime);
}

#[test]
fn the_graph_names_the_period() {
    const PERIOD: Duration = Duration::from_millis(1_500);
    let flow = flow! { start -> begin; every "1m 30s" -> wait_a_bit; every PERIOD -> begin };
    let json = serde_json::to_value(flow.graph()).unwrap();
    let trigger = |clause: usize| json["clauses"][clause]["trigger"].clone();
    let every = |period: u64, text: &str| serde_json::json!({ "kind": "every", "of": { "period": period, "text": text } });
    assert_eq!(trigger(1), every(90_000, "every \"1m 30s\""));
    assert_eq!(trigger(2), every(1_500, "every PERIOD"));
    let picture = flow.graph().to_mermaid();
    assert!(picture.contains("every PERIOD"), "{picture}");
    assert!(picture.contains("every --> h_wait_a_bit"), "{picture}");
}

#[derive(Clone, Event)]
#[event(answer = bool)]
struct Review;

#[handler]
async fn draft() -> Review {
    Review
}

#[handler]
async fn lapse(_review: Review) -> bool {
    false
}

#[handler]
async fn decide(answered: Answered<Review>) -> bool {
    answered.answer
}

#[tokio::test(start_paused = true)]
async fn a_question_that_nothing_can_answer_any_more_is_given_up_beside_a_clock() {
    let clock = Clock::new();
    let in_a_stage = flow! {
        flow -> bool streams Asked<Review>;
        with Clock;
        start -> draft -> ask Review else lapse -> decide -> end;
        every "1s" -> beat
    };
    let mut execution = in_a_stage.with(clock.clone()).stream(());
    drop(execution.next().await.unwrap().unwrap());
    let decided = timeout(10 * SECOND, execution.output()).await.unwrap();
    assert!(!decided.unwrap());

    let in_a_clause = flow! {
        flow -> bool streams Asked<Review>;
        with Clock;
        start -> draft -> emit;
        ask Review -> decide -> end else -> lapse -> end;
        every "1s" -> beat
    };
    let mut execution = in_a_clause.with(clock.clone()).stream(());
    drop(execution.next().await.unwrap().unwrap());
    let decided = timeout(10 * SECOND, execution.output()).await.unwrap();
    assert!(!decided.unwrap());
    assert_eq!(clock.lines(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_clock_goes_on_while_a_question_waits_for_its_answer() {
    let clock = Clock::new();
    let flow = flow! {
        flow -> bool streams Asked<Review>;
        with Clock;
        start -> draft -> ask Review else lapse -> decide -> end;
        every "1s" -> beat
    };
    let mut execution = flow.with(clock.clone()).spawn(());
    let asked = execution.items().next().await.unwrap().unwrap();
    sleep(5 * SECOND / 2).await;
    asked.answer(true).unwrap();
    assert!(execution.output().await.unwrap());
    assert_eq!(clock.lines(), ["beat 10", "beat 20"]);
}
