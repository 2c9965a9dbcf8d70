//! A stage that runs when the end of its outer execution is decided knows it before it waits.

use std::num::NonZeroUsize;
use std::time::Duration;

use flow_core::{Answered, Asked, Cx, Event, Failed, FlowErrorKind, Res, flow, handler};
use futures::FutureExt;
use tokio::time::sleep;

use crate::{Log, read};

const SECOND: Duration = Duration::from_secs(1);

#[derive(Clone, Debug, Event)]
struct Work(u32);

#[derive(Clone, Event)]
struct Now;

#[derive(Clone, Debug, Event)]
#[event(answer = u32)]
struct Review;

/// The end is decided at once, and the stage begins a second later, or has begun before.
#[handler(emits = [Work, Now])]
async fn both(cx: &Cx) {
    cx.emit(Work(1));
    cx.emit(Now);
}

#[handler(on = Now)]
async fn now(_now: Now) -> u32 {
    7
}

#[handler]
async fn later(work: Work) -> Work {
    sleep(SECOND).await;
    work
}

#[handler]
async fn is_ending(work: Work, cx: &Cx, log: Res<Log>) -> Work {
    log.add(format!("{}", cx.ending().now_or_never().is_some()));
    work
}

flow! { flow Asking(Work); with Log; start -> is_ending -> ignore }
flow! { flow AskingWithin(Work); with Log; start -> Asking }
flow! { flow AskingLater(Work); with Log; start -> later -> is_ending -> ignore }

#[tokio::test(start_paused = true)]
async fn ending_is_over_at_once_in_a_stage_that_begins_after_the_decision() {
    let log = Log::default();
    let flow = flow! {
        with Log;
        start -> both;
        when Work -> later -> Asking;
        when Now -> now -> end
    };
    assert_eq!(flow.with(log.clone()).run(()).await.unwrap(), 7);
    assert_eq!(log.lines(), ["true"]);
}

#[tokio::test(start_paused = true)]
async fn ending_is_over_at_once_in_a_stage_of_a_stage() {
    let log = Log::default();
    let flow = flow! {
        with Log;
        start -> both;
        when Work -> later -> AskingWithin;
        when Now -> now -> end
    };
    assert_eq!(flow.with(log.clone()).run(()).await.unwrap(), 7);
    assert_eq!(log.lines(), ["true"]);
}

#[tokio::test(start_paused = true)]
async fn ending_is_over_at_once_in_a_stage_that_was_at_work_at_the_decision() {
    let log = Log::default();
    let flow = flow! {
        with Log;
        start -> both;
        when Work -> AskingLater;
        when Now -> now -> end
    };
    assert_eq!(flow.with(log.clone()).run(()).await.unwrap(), 7);
    assert_eq!(log.lines(), ["true"]);
}

#[tokio::test(start_paused = true)]
async fn ending_is_not_over_in_a_stage_before_the_decision() {
    let log = Log::default();
    let flow = flow! { with Log; start(Work) -> AskingLater };
    flow.with(log.clone()).run(Work(1)).await.unwrap();
    assert_eq!(log.lines(), ["false"]);
}

/// An item of any kind.
#[derive(Debug)]
#[allow(dead_code, reason = "what is read is only counted")]
enum Item {
    Line(&'static str),
    Asked(Asked<Review>),
}

impl From<&'static str> for Item {
    fn from(line: &'static str) -> Self {
        Self::Line(line)
    }
}

impl From<Asked<Review>> for Item {
    fn from(asked: Asked<Review>) -> Self {
        Self::Asked(asked)
    }
}

/// Takes the only place of the stream.
#[handler(emits = [Work, Now], streams = &'static str)]
async fn fill(cx: &Cx) {
    cx.put("full").await;
    cx.emit(Work(1));
    cx.emit(Now);
}

#[handler]
async fn review(_work: Work) -> Review {
    Review
}

#[handler]
async fn decided(_answered: Answered<Review>) {}

#[handler]
async fn unanswered(_failed: Failed, log: Res<Log>) {
    log.add("unanswered");
}

flow! {
    flow Reviewed(Work) streams Item;
    with Log;
    start -> review -> (ask Review -> decided) else unanswered
}

#[tokio::test(start_paused = true)]
async fn a_question_that_a_late_stage_asks_takes_its_else_before_it_has_gone_out() {
    let log = Log::default();
    let flow = flow! {
        streams Item;
        with Log;
        start -> fill;
        when Work -> later -> Reviewed;
        when Now -> now -> end
    };
    let mut execution = flow.with(log.clone()).capacity(NonZeroUsize::MIN).spawn(());
    sleep(3 * SECOND).await;
    assert_eq!(log.lines(), ["unanswered"]);
    let (items, error) = read(execution.items()).await;
    assert_eq!((items.len(), error.is_none()), (2, true));
    assert_eq!(execution.output().await.unwrap(), 7);
}

#[handler(streams = &'static str)]
async fn put(_work: Work, cx: &Cx) {
    cx.put("begun").await;
}

#[handler]
async fn beat(log: Res<Log>) {
    log.add("beat");
}

flow! { flow Beating(Work) streams Item; with Log; start -> put; every "1s" -> beat }

#[tokio::test(start_paused = true)]
async fn a_clock_of_a_late_stage_never_ticks() {
    let log = Log::default();
    let flow = flow! {
        streams Item;
        with Log;
        start -> fill;
        when Work -> later -> Beating;
        when Now -> now -> end
    };
    let mut execution = flow.with(log.clone()).capacity(NonZeroUsize::MIN).spawn(());
    sleep(5 * SECOND).await;
    let (items, error) = read(execution.items()).await;
    assert_eq!((items.len(), error.is_none()), (2, true));
    assert_eq!(execution.output().await.unwrap(), 7);
    assert_eq!(log.lines(), [""; 0]);
}

#[handler(emits = Now)]
async fn look(_work: Work, cx: &Cx, log: Res<Log>) {
    if cx.ending().now_or_never().is_some() {
        log.add("late");
    } else {
        cx.emit(Now);
    }
}

flow! { flow Looking(Work) -> u32; with Log; start -> look; when Now -> now -> end }
flow! { flow LookingWithin(Work) -> u32; with Log; start -> Looking -> end }

#[tokio::test(start_paused = true)]
async fn a_late_stage_without_a_result_is_given_up_if_it_knew_of_the_end() {
    let log = Log::default();
    let flow = flow! {
        with Log;
        start -> both;
        when Work -> later -> Looking -> ignore;
        when Work -> later -> LookingWithin -> ignore;
        when Now -> now -> end
    };
    assert_eq!(flow.with(log.clone()).run(()).await.unwrap(), 7);
    assert_eq!(log.lines(), ["late", "late"]);
}

#[handler(emits = Now)]
async fn forget(Work(n): Work, cx: &Cx) {
    if n > 1 {
        cx.emit(Now);
    }
}

flow! { flow Forgetting(Work) -> u32; start -> forget; when Now -> now -> end }

#[tokio::test(start_paused = true)]
async fn a_late_stage_that_comes_to_nothing_by_itself_fails() {
    let flow =
        flow! { start -> both; when Work -> later -> Forgetting -> ignore; when Now -> now -> end };
    let error = flow.run(()).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Failed);
    assert!(error.to_string().contains("Forgetting"), "{error}");
}
