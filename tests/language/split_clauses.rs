//! A clause whose stage asks at the end of its route is split there, so that no future is held. It
//! is one run of one clause all the same.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use flow_core::testing::Coverage;
use flow_core::{
    AnswerError, Answered, Asked, Cx, Event, Failed, FlowErrorKind, Res, Result, Tick, Unanswered,
    flow, handler,
};
use futures::{FutureExt, StreamExt, TryStreamExt};
use tokio::time::{Instant, sleep};

#[derive(Clone, Debug, PartialEq, Event)]
#[event(answer = u32)]
struct Review(u32);

#[derive(Clone, Debug, Event)]
struct Work(u32);

#[derive(Event)]
struct Noted;

#[derive(Event)]
struct Stop;

#[derive(Debug)]
enum Out {
    Text(&'static str),
    Review(Asked<Review>),
}

impl From<&'static str> for Out {
    fn from(text: &'static str) -> Self {
        Self::Text(text)
    }
}

impl From<Asked<Review>> for Out {
    fn from(asked: Asked<Review>) -> Self {
        Self::Review(asked)
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn add(&self, line: impl Into<String>) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push(line.into());
    }

    fn lines(&self) -> Vec<String> {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.clone()
    }
}

const HOUR: Duration = Duration::from_secs(3600);

#[handler]
async fn draft(Work(number): Work) -> Review {
    Review(number)
}

#[handler]
async fn lapse(Review(number): Review) -> u32 {
    number + 1
}

#[handler(emits = Noted)]
async fn note(answered: Answered<Review>, cx: &Cx, log: Res<Log>) {
    let Answered {
        question: Review(number),
        answer,
        ..
    } = answered;
    log.add(format!("{number}: {answer}"));
    cx.emit(Noted);
}

#[handler(on = Noted)]
async fn noted(_noted: Noted, log: Res<Log>) {
    log.add("noted");
}

#[handler(on = Stop)]
async fn stop(_stop: Stop, log: Res<Log>) -> u32 {
    log.add("stop");
    99
}

async fn asked<S>(items: &mut S) -> Asked<Review>
where
    S: futures::Stream<Item = Result<Asked<Review>, flow_core::FlowError>> + Unpin,
{
    items.try_next().await.unwrap().unwrap()
}

#[tokio::test]
async fn observers_see_one_run_of_the_clause() {
    let log = Log::default();
    let flow = flow! {
        flow(Work) streams Asked<Review>;
        with Log;
        start -> draft -> ask Review -> note;
        when Noted -> noted
    };
    let mut execution = flow.with(log).spawn(Work(7));
    let lifecycle = execution.lifecycle();
    let review = asked(&mut execution.items()).await;
    review.answer(1).unwrap();
    execution.output().await.unwrap();
    let told: Vec<_> = lifecycle
        .map(|event| {
            let step = event.step.map(|step| step.to_string());
            let cause = match event.kind {
                flow_core::lifecycle::LifecycleKind::ClauseEntered { cause, .. } => cause,
                _ => None,
            };
            let cause = cause.map(|cause| format!(" because of {cause}"));
            let (step, cause) = (step.unwrap_or_default(), cause.unwrap_or_default());
            format!("{step} {}{cause}", event.kind)
        })
        .collect()
        .await;
    let expected = [
        " the execution started",
        "0 `start` was entered",
        "0 `draft` started",
        "0 `draft` finished",
        "0 `ask Review` started",
        "0 `ask Review` put an item",
        "0 `ask Review` finished",
        "0 `note` started",
        "0 `note` emitted `Noted`",
        "0 `note` finished",
        "1 `when Noted` was entered because of 0",
        "1 `noted` started",
        "1 `noted` finished",
        " the execution ended",
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn after_its_answer_a_clause_goes_on_before_the_events_that_wait() {
    let log = Log::default();
    let flow = flow! {
        flow(Work) -> u32 streams Asked<Review>;
        with Log;
        external Stop;
        start -> draft -> ask Review -> note;
        when Noted -> noted;
        when Stop -> stop -> end
    };
    let mut execution = flow.with(log.clone()).spawn(Work(7));
    let review = asked(&mut execution.items()).await;
    execution.try_emit(Stop).unwrap();
    review.answer(1).unwrap();
    // The reply is no event.
    assert_eq!(execution.pending(), 1);
    assert_eq!(execution.output().await.unwrap(), 99);
    assert_eq!(log.lines(), ["7: 1", "stop", "noted"]);
}

#[handler(streams = &'static str)]
async fn fill(work: Work, cx: &Cx) -> Review {
    cx.put("first").await;
    Review(work.0)
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_comes_before_its_question_is_read_waits_for_that() {
    let flow = || {
        flow! {
            flow(Work) streams Out;
            with Log;
            start -> fill -> ask Review within "1h" else lapse -> note;
            when Noted -> noted
        }
    };
    for answered in [false, true] {
        let log = Log::default();
        let flow = flow().capacity(NonZeroUsize::MIN).with(log.clone());
        let mut execution = flow.spawn(Work(7));
        sleep(HOUR / 2).await;
        if answered {
            let id = "0".parse().unwrap();
            execution.answer::<Review>(id, 30).unwrap();
            assert_eq!(
                execution.answer::<Review>(id, 31),
                Err(AnswerError::NotAsked(31))
            );
        }
        sleep(HOUR).await;
        assert_eq!(log.lines(), [""; 0], "the stream had no room");
        let items: Vec<_> = execution.items().take(2).collect().await;
        let [Ok(Out::Text("first")), Ok(Out::Review(review))] = items.as_slice() else {
            panic!("{items:?}");
        };
        assert_eq!(review.question, Review(7));
        execution.output().await.unwrap();
        let first = if answered { "7: 30" } else { "7: 8" };
        assert_eq!(log.lines(), [first, "noted"]);
    }
}

#[handler]
async fn breaks(answered: Answered<Review>) -> Result<u32> {
    Err(format!("{} breaks", answered.answer).into())
}

#[handler]
async fn of_work(failed: Failed<flow_core::BoxError, Work>, log: Res<Log>) {
    let (event, cause) = (failed.event, failed.cause);
    log.add(format!("{event:?} {cause:?}: {}", failed.error));
}

#[handler]
async fn unanswered(failed: Failed<Unanswered<Review>, Work>, log: Res<Log>) {
    let (within, cause) = (failed.error.within, failed.cause);
    log.add(format!("{cause:?} within {within:?}"));
}

#[tokio::test(start_paused = true)]
async fn a_rescue_gets_the_event_of_the_clause_as_the_cause() {
    let log = Log::default();
    let flow = flow! {
        flow streams Asked<Review>;
        with Log;
        external Work;
        start -> begin;
        when Work -> draft -> ask Review within "1h" -> breaks -> ignore;
        rescue breaks -> of_work;
        rescue ask Review -> unanswered
    };
    let mut execution = flow.with(log.clone()).spawn(());
    execution.try_emit(Work(7)).unwrap();
    let review = asked(&mut execution.items()).await;
    review.answer(1).unwrap();
    execution.try_emit(Work(8)).unwrap();
    let _late = asked(&mut execution.items()).await;
    sleep(2 * HOUR).await;
    execution.output().await.unwrap();
    assert_eq!(
        log.lines(),
        [
            "Some(\"Work\") Work(7): 1 breaks",
            "Work(8) within Some(3600s)"
        ]
    );
}

#[handler]
async fn begin() {}

#[handler]
async fn fails(_work: Work) -> Result<u32> {
    Err("it is broken".into())
}

#[handler]
async fn draft_again(failed: Failed<flow_core::BoxError, Work>) -> Review {
    Review(failed.cause.0)
}

#[tokio::test(start_paused = true)]
async fn an_error_after_a_question_of_a_rescue_is_told_with_the_one_before() {
    let flow = flow! {
        flow(Work) streams Asked<Review>;
        start -> fails -> ignore;
        rescue fails -> draft_again -> ask Review within "1h" -> breaks -> ignore
    };
    let mut items = flow.stream(Work(7));
    asked(&mut items).await.answer(1).unwrap();
    let error = items.output().await.unwrap_err();
    assert_eq!(
        format!("{error:#}"),
        "handler `breaks` failed in a rescue: 1 breaks; it was called because handler `fails` failed \
         on start: it is broken"
    );

    let mut items = flow.stream(Work(7));
    let _asked = asked(&mut items).await;
    let error = items.output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Unanswered);
    assert_eq!(
        format!("{error:#}"),
        "`Review` was not answered within 1h; it was called because handler `fails` failed on start: \
         it is broken"
    );
}

#[handler]
async fn draft_at(tick: Tick) -> Review {
    Review(u32::try_from(tick.count()).unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_clause_that_runs_at_certain_times_does_not_overlap_its_question() {
    let log = Log::default();
    let flow = flow! {
        flow -> u32 streams Asked<Review>;
        with Log;
        external Stop;
        start -> begin;
        every "1h" -> draft_at -> ask Review -> note;
        when Noted -> noted;
        when Stop -> stop -> end
    };
    let mut execution = flow.with(log.clone()).spawn(());
    let begun = Instant::now();
    let first = asked(&mut execution.items()).await;
    assert_eq!(begun.elapsed(), HOUR);
    sleep(2 * HOUR + HOUR / 2).await;
    assert!(execution.items().next().now_or_never().is_none());
    first.answer(0).unwrap();
    let second = asked(&mut execution.items()).await;
    second.answer(0).unwrap();
    execution.emit(Stop).await.unwrap();
    assert_eq!(execution.output().await.unwrap(), 99);
    assert_eq!(log.lines(), ["1: 0", "noted", "2: 0", "stop", "noted"]);
}

enum Either {
    Asks(Review),
    Passes(u32),
}

#[handler]
async fn either(Work(number): Work) -> Either {
    if number > 10 {
        Either::Asks(Review(number))
    } else {
        Either::Passes(number)
    }
}

#[handler]
async fn again(answered: Answered<Review>) -> Review {
    Review(answered.answer)
}

#[handler]
async fn sum(answered: Answered<Review>) -> u32 {
    answered.question.0 + answered.answer
}

#[handler]
async fn itself(number: u32) -> u32 {
    number
}

#[tokio::test]
async fn arms_ask_and_a_clause_asks_twice() {
    let at_the_end = flow! {
        flow(Work) -> u32 streams Asked<Review>;
        start -> either -> match {
            Either::Asks(review) => ask Review -> again -> ask Review -> sum -> end,
            Either::Passes(number) => end,
        }
    };
    let before_the_end = flow! {
        flow(Work) -> u32 streams Asked<Review>;
        start -> either -> match {
            Either::Asks(review) if review.0 > 20 => ask Review -> again -> ask Review -> sum -> end,
            Either::Asks(_) => ignore,
            Either::Passes(number) => itself,
        } -> itself -> end
    };
    for mut items in [at_the_end.stream(Work(3)), before_the_end.stream(Work(3))] {
        assert!(items.next().await.is_none());
        assert_eq!(items.output().await.unwrap(), 3);
    }
    for mut items in [at_the_end.stream(Work(30)), before_the_end.stream(Work(30))] {
        asked(&mut items).await.answer(40).unwrap();
        let second = asked(&mut items).await;
        assert_eq!(second.question, Review(40));
        second.answer(2).unwrap();
        assert_eq!(items.output().await.unwrap(), 42);
    }
}

/// Counts those that are left.
#[derive(Clone, Event)]
#[event(answer = u32)]
struct Counted(Arc<()>);

#[handler]
async fn count(counted: Arc<()>) -> Counted {
    Counted(counted)
}

#[handler]
async fn counted(answered: Answered<Counted>) {
    drop(answered.question.0);
}

#[tokio::test]
async fn a_question_that_waits_is_dropped_with_its_execution() {
    let flow = flow! {
        flow(Arc<()>) streams Asked<Counted>;
        start -> count -> ask Counted -> counted
    };
    let all = Arc::new(());
    let mut execution = flow.spawn(Arc::clone(&all));
    let question = execution.items().try_next().await.unwrap().unwrap();
    assert_eq!(Arc::strong_count(&all), 3);
    execution.cancel();
    question.closed().await;
    let error = execution.output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Cancelled);
    assert_eq!(question.answer(1), Err(AnswerError::Ended(1)));
    drop(question);
    assert_eq!(Arc::strong_count(&all), 1);
}

#[tokio::test]
async fn a_coverage_has_one_clause() {
    let flow = flow! {
        flow(Work) streams Asked<Review>;
        with Log;
        start -> draft -> ask Review -> note;
        when Noted -> noted
    };
    let coverage = Coverage::new(flow.graph());
    let flow = flow.with(Log::default()).observe(coverage.observer());
    let mut items = flow.stream(Work(7));
    asked(&mut items).await.answer(1).unwrap();
    items.output().await.unwrap();
    assert!(coverage.uncovered().is_empty(), "{}", coverage.report());
}
