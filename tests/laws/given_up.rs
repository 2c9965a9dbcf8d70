//! A stage that is given up ends as by a drop, but its `finally` runs and the outer flow waits for
//! it.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use flow_core::{Cx, Ending, Event, FlowErrorKind, Res, Result, flow, handler};
use futures::StreamExt;
use tokio::time::{Instant, sleep};

use crate::{Log, read};

const SECOND: Duration = Duration::from_secs(1);

#[derive(Clone, Debug, Event)]
struct Release;

/// Adds a line when it is dropped.
struct Noted(Log, &'static str);

impl Drop for Noted {
    fn drop(&mut self) {
        self.0.add(self.1);
    }
}

/// Holds something, and never returns.
#[handler]
async fn hold(cx: &Cx, log: Res<Log>) {
    let _held = Noted((*log).clone(), "dropped");
    cx.put("held").await;
    std::future::pending::<()>().await;
}

#[handler(emits = Release)]
async fn settle(ending: Ending, cx: &Cx, log: Res<Log>) {
    log.add(match ending {
        Ending::Cancelled(_) => "cancelled".to_owned(),
        ending => format!("{ending:?}"),
    });
    cx.put("settling").await;
    sleep(2 * SECOND).await;
    cx.emit(Release);
}

#[handler(on = Release)]
async fn release(_release: Release, cx: &Cx, log: Res<Log>) {
    sleep(SECOND).await;
    log.add("released");
    cx.put("released").await;
}

flow! {
    /// Holds something until it is given up, and takes three seconds to release it.
    flow Hold streams String;
    with Log;
    start -> hold;
    when Release -> release;
    finally within "10s" -> settle
}

const SETTLED: [&str; 3] = ["dropped", "cancelled", "released"];

#[handler]
async fn fail_soon() -> Result<()> {
    sleep(SECOND).await;
    Err("out of stock".into())
}

#[handler]
async fn both(_both: ((), ())) {}

#[handler]
async fn instead(log: Res<Log>) {
    log.add("instead");
}

#[handler]
async fn outer_settle(ending: Ending, log: Res<Log>) {
    log.add(format!("outer {:?}", kind_of(&ending)));
}

fn kind_of(ending: &Ending) -> Option<FlowErrorKind> {
    ending.error().map(flow_core::FlowError::kind)
}

#[tokio::test(start_paused = true)]
async fn a_timeout_of_the_outer_flow_waits_for_the_finally_of_its_stage() {
    let log = Log::default();
    let flow = flow! {
        streams String;
        with Log;
        timeout "5s";
        start -> Hold
    };
    let flow = flow.with(log.clone());
    let begun = Instant::now();
    let error = flow.run(()).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TimedOut);
    assert_eq!(begun.elapsed(), 8 * SECOND);
    assert_eq!(log.lines(), SETTLED);

    // What it puts goes out before the error.
    let (items, error) = read(flow.stream(())).await;
    assert_eq!(items, ["held", "settling", "released"]);
    assert_eq!(error.unwrap().kind(), FlowErrorKind::TimedOut);
    let mut execution = flow.spawn(());
    let (items, error) = read(execution.items()).await;
    assert_eq!(items, ["held", "settling", "released"]);
    assert_eq!(error.unwrap().kind(), FlowErrorKind::TimedOut);
    let error = execution.output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TimedOut);
}

#[tokio::test(start_paused = true)]
async fn a_cancel_and_a_failure_elsewhere_wait_for_it_as_well() {
    let log = Log::default();
    let flow = flow! { streams String; with Log; start -> Hold };
    let execution = flow.with(log.clone()).spawn(());
    sleep(SECOND).await;
    execution.cancel();
    let begun = Instant::now();
    let error = execution.output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Cancelled);
    assert_eq!(begun.elapsed(), 3 * SECOND);
    assert_eq!(log.lines(), SETTLED);

    let log = Log::default();
    let flow = flow! { streams String; with Log; start -> (fail_soon, Hold) -> both };
    let begun = Instant::now();
    let error = flow.with(log.clone()).run(()).await.unwrap_err();
    assert_eq!(error.handler(), Some("fail_soon"));
    assert_eq!(begun.elapsed(), 4 * SECOND);
    assert_eq!(log.lines(), SETTLED);
}

#[tokio::test(start_paused = true)]
async fn an_outer_flow_that_goes_on_is_over_when_it_has_run() {
    let log = Log::default();
    let flow = flow! {
        streams String;
        with Log;
        start -> ((fail_soon, Hold) -> both) else instead
    };
    let flow = flow.with(log.clone());
    let begun = Instant::now();
    flow.run(()).await.unwrap();
    assert_eq!(begun.elapsed(), 4 * SECOND);
    // The stand-in runs at once, next to it.
    assert_eq!(log.lines(), ["dropped", "instead", "cancelled", "released"]);
    let (items, error) = read(flow.stream(())).await;
    assert_eq!(items, ["held", "settling", "released"]);
    assert!(error.is_none());
    // That it takes long is not idleness, and has a limit of its own.
    assert!(flow.idle_timeout(SECOND * 3 / 2).run(()).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn an_end_now_keeps_its_value_and_waits_for_it() {
    #[handler]
    async fn seven() -> u32 {
        sleep(SECOND).await;
        7
    }
    #[derive(Event)]
    struct Begin;
    #[handler(emits = Begin)]
    async fn begin(cx: &Cx) {
        cx.emit(Begin);
    }
    #[handler(on = Begin)]
    async fn begun(_begin: Begin) {}

    let log = Log::default();
    let flow = flow! {
        streams String;
        with Log;
        start -> begin -> seven -> end now;
        when Begin -> begun -> Hold;
        finally within "1s" -> outer_settle
    };
    let begun_at = Instant::now();
    assert_eq!(flow.with(log.clone()).run(()).await.unwrap(), 7);
    assert_eq!(begun_at.elapsed(), 4 * SECOND);
    // The `finally` of the outer flow comes last.
    assert_eq!(
        log.lines(),
        ["dropped", "cancelled", "released", "outer None"]
    );
}

flow! {
    /// A level deeper, without a `finally` of its own.
    flow Deeper streams String;
    with Log;
    start -> Hold
}

#[handler]
async fn settle_deepest(ending: Ending, log: Res<Log>) {
    sleep(SECOND).await;
    log.add(format!("deepest {:?}", kind_of(&ending)));
}

flow! {
    /// And another, with one.
    flow Deepest streams String;
    with Log;
    start -> Deeper;
    finally within "2s" -> settle_deepest
}

#[tokio::test(start_paused = true)]
async fn the_innermost_runs_first_at_any_depth() {
    let log = Log::default();
    let flow = flow! {
        streams String;
        with Log;
        timeout "5s";
        start -> Deepest;
        finally within "2s" -> outer_settle
    };
    let flow = flow.with(log.clone());
    let begun = Instant::now();
    let (items, error) = read(flow.stream(())).await;
    assert_eq!(error.unwrap().kind(), FlowErrorKind::TimedOut);
    assert_eq!(items, ["held", "settling", "released"]);
    assert_eq!(begun.elapsed(), 9 * SECOND);
    assert_eq!(
        log.lines(),
        [
            "dropped",
            "cancelled",
            "released",
            "deepest Some(Cancelled)",
            "outer Some(TimedOut)"
        ]
    );

    let log = Log::default();
    let flow = flow! { streams String; with Log; timeout "5s"; start -> Deeper };
    let error = flow.with(log.clone()).run(()).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TimedOut);
    assert_eq!(log.lines(), SETTLED);
}

#[tokio::test(start_paused = true)]
async fn each_of_several_runs_its_own() {
    #[handler]
    async fn numbers() -> Vec<()> {
        vec![(); 3]
    }
    #[handler]
    async fn all(_all: Vec<()>) {}

    let log = Log::default();
    let flow = flow! {
        streams String;
        with Log;
        timeout "5s";
        start -> numbers -> each Hold -> all
    };
    let begun = Instant::now();
    let error = flow.with(log.clone()).run(()).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TimedOut);
    // At the same time.
    assert_eq!(begun.elapsed(), 8 * SECOND);
    let lines = log.lines();
    for line in SETTLED {
        assert_eq!(lines.iter().filter(|noted| *noted == line).count(), 3);
    }
}

#[tokio::test(start_paused = true)]
async fn a_drop_of_the_outermost_execution_drops_it() {
    let log = Log::default();
    let flow = flow! { streams String; with Log; timeout "5s"; start -> Deepest };
    let flow = flow.with(log.clone());
    let mut execution = flow.stream(());
    assert_eq!(execution.next().await.unwrap().unwrap(), "held");
    drop(execution);
    assert_eq!(log.lines(), ["dropped"]);
    // Also while it runs.
    let begun = Instant::now();
    let dropped = tokio::time::timeout(6 * SECOND, flow.run(())).await;
    assert!(dropped.is_err());
    sleep(10 * SECOND).await;
    assert_eq!(begun.elapsed(), 16 * SECOND);
    assert_eq!(log.lines(), ["dropped", "dropped", "cancelled"]);
    assert_eq!(Arc::strong_count(&log.0), 2);
}

#[tokio::test(start_paused = true)]
async fn a_second_cancel_drops_it() {
    let log = Log::default();
    let flow = flow! {
        streams String;
        with Log;
        start -> Deepest;
        finally within "2s" -> outer_settle
    };
    let execution = flow.with(log.clone()).spawn(());
    sleep(SECOND).await;
    execution.cancel();
    sleep(SECOND).await;
    execution.cancel();
    let begun = Instant::now();
    let error = execution.output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Cancelled);
    assert_eq!(begun.elapsed(), Duration::ZERO);
    assert_eq!(log.lines(), ["dropped", "cancelled"]);
}

#[tokio::test(start_paused = true)]
async fn a_drain_that_takes_too_long_names_it() {
    #[handler]
    async fn soon() {
        sleep(SECOND).await;
    }
    #[handler]
    async fn seven() -> u32 {
        7
    }

    let log = Log::default();
    let flow = flow! {
        streams String;
        with Log;
        drain within "1s";
        start -> first (soon, Hold) -> seven -> end
    };
    let error = flow.with(log.clone()).run(()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the execution went on for longer than 1s after its `end`: `Hold` was running"
    );
    assert_eq!(error.handler(), Some("Hold"));
    // It has run nevertheless.
    assert_eq!(log.lines(), SETTLED);
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_what_becomes_of_its_items_is_told_with_its_place() {
    struct Line;
    impl From<String> for Line {
        fn from(line: String) -> Self {
            assert!(line == "held", "no line for `{line}`");
            Self
        }
    }

    let log = Log::default();
    let flow = flow! { streams Line; with Log; start -> (fail_soon, Hold) -> both };
    let error = flow.with(log.clone()).run(()).await.unwrap_err();
    assert_eq!(error.handler(), Some("fail_soon"));
    assert_eq!(
        format!("{:#}", error.suppressed().unwrap()),
        "`Hold` was given up, and its `finally` failed: a clause panicked in `finally`: no line for \
         `settling`"
    );
}

#[tokio::test(start_paused = true)]
async fn items_for_which_the_outer_stream_has_no_room_are_dropped_with_its_handlers() {
    #[handler]
    async fn count(cx: &Cx) {
        for n in 1..=3 {
            cx.put(n.to_string()).await;
        }
        std::future::pending::<()>().await;
    }
    flow! { flow Count; with Log; start -> count; when Release -> release; finally within "10s" -> settle }

    let flow = flow! { with Log; start -> (fail_soon, Count) -> both };
    let flow = flow.with(Log::default()).capacity(NonZeroUsize::MIN);
    let mut execution = flow.spawn(());
    sleep(2 * SECOND).await;
    // The first has left it, the second waits for room, and the third is in its own buffer.
    let (items, error) = read(execution.items()).await;
    assert_eq!(items, ["1", "settling", "released"]);
    assert_eq!(error.unwrap().handler(), Some("fail_soon"));
}

#[tokio::test(start_paused = true)]
async fn items_of_a_finally_that_runs_already_are_not_dropped() {
    #[handler]
    async fn count(cx: &Cx) {
        cx.put("counted").await;
    }
    #[handler]
    async fn close(cx: &Cx) {
        for n in 1..=3 {
            cx.put(n.to_string()).await;
        }
        sleep(2 * SECOND).await;
        cx.put("closed").await;
    }
    flow! { flow Count; start -> count; finally within "10s" -> close }

    let flow = flow! { start -> (fail_soon, Count) -> both };
    let mut execution = flow.capacity(NonZeroUsize::MIN).spawn(());
    sleep(5 * SECOND).await;
    // When it is given up, some are on their way into the outer stream, which has no room.
    let (items, error) = read(execution.items()).await;
    assert_eq!(items, ["counted", "1", "2", "3", "closed"]);
    assert_eq!(error.unwrap().handler(), Some("fail_soon"));
}

#[handler]
async fn fails(_ending: Ending) -> Result<()> {
    Err("the warehouse does not answer".into())
}

#[handler]
async fn hang() {
    std::future::pending::<()>().await;
}

flow! {
    flow Unsettled;
    start -> hang;
    finally within "2s" -> fails
}

flow! {
    flow Endless;
    start -> hang;
    finally within "2s" -> hang
}

#[tokio::test(start_paused = true)]
async fn its_failure_fails_a_good_execution_and_joins_the_error_of_a_bad_one() {
    let log = Log::default();
    let flow = flow! {
        with Log;
        start -> ((fail_soon, Unsettled) -> both) else instead;
        finally within "2s" -> outer_settle
    };
    let error = flow.with(log.clone()).run(()).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Failed);
    assert_eq!(error.handler(), Some("Unsettled"));
    assert_eq!(
        format!("{error:#}"),
        "`Unsettled` was given up, and its `finally` failed: the execution was cancelled; \
         then handler `fails` failed in `finally`: the warehouse does not answer"
    );
    assert_eq!(log.lines(), ["instead", "outer Some(Failed)"]);

    let log = Log::default();
    let flow = flow! {
        with Log;
        timeout "5s";
        start -> (Unsettled, Unsettled) -> both;
        finally within "2s" -> outer_settle
    };
    let error = flow.with(log.clone()).run(()).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TimedOut);
    // Each of the two.
    let suppressed = error.suppressed().unwrap();
    assert_eq!(suppressed.handler(), Some("Unsettled"));
    let second = suppressed.suppressed().unwrap();
    assert_eq!(second.handler(), Some("Unsettled"));
    assert!(second.suppressed().is_none());
    // The own `finally` runs nevertheless.
    assert_eq!(log.lines(), ["outer Some(TimedOut)"]);

    // A level deeper.
    flow! { flow Outer; start -> Unsettled; finally within "2s" -> hang }
    let flow = flow! { timeout "5s"; start -> Outer };
    let error = flow.run(()).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TimedOut);
    assert_eq!(error.suppressed().unwrap().handler(), Some("Outer"));
}

#[tokio::test(start_paused = true)]
async fn its_failure_does_not_drop_the_finally_of_the_outer_flow() {
    let flow = flow! {
        with Log; start -> instead;
        finally within "9s" -> instead -> ((fail_soon, Unsettled) -> both) else fail_soon
    };
    let error = flow.with(Log::default()).run(()).await.unwrap_err();
    assert_eq!(error.handler(), Some("Unsettled"));
    // It comes a second later.
    assert_eq!(error.suppressed().unwrap().handler(), Some("fail_soon"));
}

#[tokio::test(start_paused = true)]
async fn its_time_is_limited() {
    let flow = flow! { timeout "5s"; start -> Endless };
    let begun = Instant::now();
    let error = flow.run(()).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TimedOut);
    assert_eq!(begun.elapsed(), 7 * SECOND);
    assert_eq!(
        format!("{:#}", error.suppressed().unwrap()),
        "`Endless` was given up, and its `finally` failed: the execution was cancelled; \
         then `finally` took longer than 2s: `hang` was running"
    );
}

#[tokio::test(start_paused = true)]
async fn one_that_runs_already_goes_on_and_keeps_its_ending() {
    #[handler]
    async fn short() {}

    flow! {
        flow Settling streams String;
        with Log;
        start -> short;
        when Release -> release;
        finally within "10s" -> settle
    }
    let log = Log::default();
    let flow = flow! {
        streams String;
        with Log;
        start -> ((fail_soon, Settling) -> both) else instead
    };
    let begun = Instant::now();
    flow.with(log.clone()).run(()).await.unwrap();
    assert_eq!(begun.elapsed(), 3 * SECOND);
    assert_eq!(log.lines(), ["Completed", "instead", "released"]);
}
