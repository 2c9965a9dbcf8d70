//! `every "1h" handler` of an `ask`: a reminder while a question waits.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use flow_core::lifecycle::LifecycleKind;
use flow_core::testing::{Coverage, Edge};
use flow_core::{
    Answered, Asked, BoxError, Cx, Event, Failed, FlowErrorKind, Res, Result, State, Tick, flow,
    handler,
};
use futures::{StreamExt, TryStreamExt};
use tokio::time::{Instant, sleep};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

#[derive(Clone, Debug, PartialEq, Event)]
#[event(answer = u32)]
struct Review(u32);

#[derive(Debug)]
enum Out {
    Text(String),
    Review(Asked<Review>),
}

impl From<String> for Out {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Asked<Review>> for Out {
    fn from(asked: Asked<Review>) -> Self {
        Self::Review(asked)
    }
}

impl Out {
    fn review(self) -> Asked<Review> {
        match self {
            Self::Review(asked) => asked,
            Self::Text(text) => panic!("expected a question: {text}"),
        }
    }
}

/// What happened, each with the minutes since the beginning.
#[derive(Clone, Debug)]
struct Clock(Instant, Arc<Mutex<Vec<String>>>);

impl Clock {
    fn new() -> Self {
        Self(Instant::now(), Arc::default())
    }

    fn note(&self, what: impl std::fmt::Display) {
        let minutes = self.0.elapsed().as_secs() / 60;
        self.1.lock().unwrap().push(format!("{what} at {minutes}"));
    }

    fn lines(&self) -> Vec<String> {
        self.1.lock().unwrap().clone()
    }
}

#[handler]
async fn draft(number: u32) -> Review {
    Review(number)
}

#[handler]
async fn drafts(count: u32) -> Vec<Review> {
    (0..count).map(Review).collect()
}

#[handler]
async fn decide(answered: Answered<Review>) -> u32 {
    answered.question.0 + answered.answer
}

#[handler]
async fn lapse(Review(number): Review) -> u32 {
    1000 + number
}

#[handler]
async fn sum(numbers: Vec<u32>) -> u32 {
    numbers.into_iter().sum()
}

#[handler]
async fn remind(Review(number): Review, clock: Res<Clock>) {
    clock.note(number);
}

#[tokio::test(start_paused = true)]
async fn a_stage_reminds_at_each_period_until_its_time_is_over() {
    let clock = Clock::new();
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        with Clock;
        start -> draft -> ask Review within "4h" every "1h" remind else lapse -> answer_of -> end
    };
    let mut items = flow.with(clock.clone()).stream(7);
    let _asked = items.try_next().await.unwrap().unwrap().review();
    assert_eq!(items.output().await.unwrap(), 1007);
    // At the fourth hour, its time is over.
    assert_eq!(clock.lines(), ["7 at 60", "7 at 120", "7 at 180"]);
    assert_eq!(clock.0.elapsed(), 4 * HOUR);
}

#[handler]
async fn answer_of(answered: Answered<Review>) -> u32 {
    answered.answer
}

#[tokio::test(start_paused = true)]
async fn a_clause_reminds_until_it_is_answered() {
    let clock = Clock::new();
    let flow = || {
        flow! {
            flow(u32) -> u32 streams Out;
            with Clock;
            start -> draft -> emit;
            ask Review within "24h" every "1h" remind -> decide -> end else -> lapse -> end
        }
    };
    let mut execution = flow().with(clock.clone()).spawn(7);
    let asked = execution
        .items()
        .try_next()
        .await
        .unwrap()
        .unwrap()
        .review();
    sleep(150 * MINUTE).await;
    asked.answer(10).unwrap();
    assert_eq!(execution.output().await.unwrap(), 17);
    assert_eq!(clock.lines(), ["7 at 60", "7 at 120"]);

    let clock = Clock::new();
    let mut items = flow().with(clock.clone()).stream(7);
    let _asked = items.try_next().await.unwrap().unwrap();
    assert_eq!(items.output().await.unwrap(), 1007);
    assert_eq!(clock.lines().len(), 23);
}

#[derive(Clone, Event)]
struct Go;

#[handler(emits = Go)]
async fn later(_answered: Answered<Review>, cx: &Cx) {
    sleep(3 * HOUR).await;
    cx.emit(Go);
}

#[handler(on = Go)]
async fn done(_go: Go) -> u32 {
    7
}

#[tokio::test(start_paused = true)]
async fn after_the_answer_no_reminder_comes_while_the_execution_goes_on() {
    let clock = Clock::new();
    let in_a_clause = flow! {
        flow(u32) -> u32 streams Out;
        with Clock;
        start -> draft -> emit;
        ask Review every "1h" remind -> later;
        when Go -> done -> end
    };
    let mut execution = in_a_clause.with(clock.clone()).spawn(7);
    let asked = execution
        .items()
        .try_next()
        .await
        .unwrap()
        .unwrap()
        .review();
    sleep(90 * MINUTE).await;
    asked.answer(1).unwrap();
    assert_eq!(execution.output().await.unwrap(), 7);
    assert_eq!(clock.lines(), ["7 at 60"]);

    let clock = Clock::new();
    let in_a_stage = flow! {
        flow(u32) -> u32 streams Out;
        with Clock;
        start -> draft -> ask Review every "1h" remind -> later;
        when Go -> done -> end
    };
    let mut execution = in_a_stage.with(clock.clone()).spawn(7);
    let asked = execution
        .items()
        .try_next()
        .await
        .unwrap()
        .unwrap()
        .review();
    sleep(90 * MINUTE).await;
    asked.answer(1).unwrap();
    assert_eq!(execution.output().await.unwrap(), 7);
    assert_eq!(clock.lines(), ["7 at 60"]);
}

#[handler]
async fn remind_slowly((Review(number), tick): (Review, Tick), clock: Res<Clock>) {
    clock.note(format!("{number} x{}", tick.count()));
    sleep(150 * MINUTE).await;
}

#[tokio::test(start_paused = true)]
async fn missed_reminders_come_as_one_and_those_of_other_questions_are_their_own() {
    let clock = Clock::new();
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        with Clock;
        start -> drafts -> each (ask Review within "6h" every "1h" remind_slowly else lapse -> decide)[2]
            -> sum -> end
    };
    let mut execution = flow.with(clock.clone()).spawn(3);
    let asked: Vec<_> = execution.items().take(2).collect().await;
    let mut asked = asked.into_iter().map(|item| item.unwrap().review());
    let (first, second) = (asked.next().unwrap(), asked.next().unwrap());
    sleep(10 * MINUTE).await;
    first.answer(0).unwrap();
    let third = execution
        .items()
        .try_next()
        .await
        .unwrap()
        .unwrap()
        .review();
    // Those of the third begin ten minutes later.
    sleep(300 * MINUTE).await;
    second.answer(0).unwrap();
    third.answer(0).unwrap();
    assert_eq!(execution.output().await.unwrap(), 3);
    let expected = [
        "1 x1 at 60",
        "2 x1 at 70",
        // Those of two and three hours.
        "1 x2 at 210",
        "2 x2 at 220",
    ];
    assert_eq!(clock.lines(), expected);
}

#[handler]
async fn on_the_question(Review(number): Review, clock: Res<Clock>) {
    clock.note(format!("on {number}"));
}

#[handler(on = Review)]
async fn declared_on(Review(number): Review, clock: Res<Clock>) {
    clock.note(format!("declared on {number}"));
}

#[handler]
async fn on_nothing(clock: Res<Clock>) {
    clock.note("on nothing");
}

#[handler]
async fn on_the_tick(tick: Tick, clock: Res<Clock>) {
    clock.note(format!("on x{}", tick.count()));
}

#[handler]
async fn on_both((Review(number), tick): (Review, Tick), clock: Res<Clock>) {
    clock.note(format!("on {number} x{}", tick.count()));
}

#[handler]
async fn total(all: (u32, u32, u32, u32, u32)) -> u32 {
    all.0 + all.1 + all.2 + all.3 + all.4
}

#[tokio::test(start_paused = true)]
async fn a_reminder_takes_the_question_the_tick_both_or_nothing() {
    let clock = Clock::new();
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        with Clock;
        start -> draft -> (
             ask Review within "90m" every "1h" on_the_question else lapse -> decide,
            ask Review within "90m" every "1h" declared_on else lapse -> decide,
            ask Review within "90m" every "1h" on_nothing else lapse -> decide,
            ask Review within "90m" every "1h" on_the_tick else lapse -> decide,
            ask Review within "90m" every "1h" on_both else lapse -> decide
        ) -> total -> end
    };
    let mut execution = flow.with(clock.clone()).spawn(7);
    let _asked: Vec<_> = execution.items().take(5).collect().await;
    assert_eq!(execution.output().await.unwrap(), 5 * 1014);
    let mut lines = clock.lines();
    lines.sort();
    let expected = [
        "declared on 7 at 60",
        "on 7 at 60",
        "on 7 x1 at 60",
        "on nothing at 60",
        "on x1 at 60",
    ];
    assert_eq!(lines, expected);
}

#[handler]
async fn put_and_count(Review(number): Review, tick: State<u32>, cx: &Cx) {
    let nth = tick.with(|tick| {
        *tick += 1;
        *tick
    });
    cx.put(format!("reminder {nth} of {number}")).await;
}

#[tokio::test(start_paused = true)]
async fn a_reminder_puts_items_and_takes_states() {
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        state u32;
        start -> draft -> ask Review within "150m" every "1h" put_and_count else lapse -> decide -> end
    };
    let mut items = flow.stream(7);
    let _asked = items.try_next().await.unwrap().unwrap().review();
    for nth in 1..=2 {
        let item = items.try_next().await.unwrap().unwrap();
        assert!(matches!(item, Out::Text(text) if text == format!("reminder {nth} of 7")));
    }
    assert_eq!(items.output().await.unwrap(), 1014);
}

#[derive(Clone, Event)]
struct Nagged(u32);

#[handler(emits = Nagged)]
async fn emits(Review(number): Review, cx: &Cx) {
    cx.emit(Nagged(number));
}

#[handler]
async fn nagged(Nagged(number): Nagged, nags: State<u32>) -> Option<u32> {
    nags.with(|nags| {
        *nags += 1;
        (*nags == 3).then_some(number)
    })
}

#[tokio::test(start_paused = true)]
async fn a_reminder_may_end_the_execution_whose_question_it_reminds_of() {
    let begun = Instant::now();
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        state u32;
        start -> draft -> ask Review every "1h" emits -> decide -> ignore;
        when Nagged -> nagged -> match { Some(number) => end, None => ignore }
    };
    let mut items = flow.stream(7);
    let asked = items.try_next().await.unwrap().unwrap().review();
    assert_eq!(items.output().await.unwrap(), 7);
    assert_eq!(begun.elapsed(), 3 * HOUR);
    assert!(asked.answer(1).is_err());
}

#[handler]
async fn remind_for_two_hours(Review(number): Review, clock: Res<Clock>) {
    clock.note(format!("begins {number}"));
    sleep(2 * HOUR).await;
    clock.note(format!("ends {number}"));
}

#[derive(Clone, Event)]
struct Work;

#[handler(emits = [Work, Review])]
async fn both(number: u32, cx: &Cx) {
    cx.emit(Work);
    cx.emit(Review(number));
}

#[handler(on = Work)]
async fn end_after_ninety_minutes(_work: Work, clock: Res<Clock>) -> u32 {
    sleep(90 * MINUTE).await;
    clock.note("end");
    99
}

#[tokio::test(start_paused = true)]
async fn a_reminder_that_runs_when_the_end_is_decided_or_the_answer_comes_is_finished() {
    let clock = Clock::new();
    let at_the_end = flow! {
        flow(u32) -> u32 streams Out;
        with Clock;
        start -> both;
        when Work -> end_after_ninety_minutes -> end;
        ask Review every "1h" remind_for_two_hours -> decide -> ignore
    };
    let mut items = at_the_end.with(clock.clone()).stream(7);
    let _asked = items.try_next().await.unwrap().unwrap();
    assert_eq!(items.output().await.unwrap(), 99);
    assert_eq!(
        clock.lines(),
        ["begins 7 at 60", "end at 90", "ends 7 at 180"]
    );

    let clock = Clock::new();
    let answered = flow! {
        flow(u32) -> u32 streams Out;
        with Clock;
        start -> draft -> ask Review every "1h" remind_for_two_hours -> decide -> end
    };
    let mut execution = answered.with(clock.clone()).spawn(7);
    let asked = execution
        .items()
        .try_next()
        .await
        .unwrap()
        .unwrap()
        .review();
    sleep(90 * MINUTE).await;
    asked.answer(1).unwrap();
    assert_eq!(execution.output().await.unwrap(), 8);
    assert_eq!(clock.lines(), ["begins 7 at 60", "ends 7 at 180"]);
}

#[tokio::test(start_paused = true)]
async fn a_reminder_does_not_keep_a_question_that_nothing_can_answer() {
    let clock = Clock::new();
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        with Clock;
        start -> draft -> ask Review every "1h" remind else lapse -> decide -> end
    };
    let mut items = flow.with(clock.clone()).stream(7);
    let asked = items.try_next().await.unwrap().unwrap().review();
    sleep(30 * MINUTE).await;
    drop(asked);
    assert_eq!(items.output().await.unwrap(), 1014);
    assert_eq!(clock.0.elapsed(), 30 * MINUTE);
    assert_eq!(clock.lines(), [""; 0]);
}

#[handler]
async fn fails_after_ninety_minutes(_review: Review) -> Result<u32> {
    sleep(90 * MINUTE).await;
    Err("the other branch".into())
}

#[handler]
async fn pair((one, other): (u32, u32)) -> u32 {
    one + other
}

#[handler]
async fn instead(_failed: Failed) -> u32 {
    sleep(5 * HOUR).await;
    5
}

#[tokio::test(start_paused = true)]
async fn no_reminder_comes_after_the_stage_that_asks_was_dropped() {
    let clock = Clock::new();
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        with Clock;
        start -> draft
            -> ((ask Review every "1h" remind -> decide, fails_after_ninety_minutes) -> pair)
                else instead
            -> end
    };
    let mut items = flow.with(clock.clone()).stream(7);
    let _asked = items.try_next().await.unwrap().unwrap();
    assert_eq!(items.output().await.unwrap(), 5);
    assert_eq!(clock.lines(), ["7 at 60"]);
}

flow! {
    /// Reminds by itself.
    flow Reviewed(u32) -> u32 streams Out;
    with Clock;
    start -> draft -> ask Review within "150m" every "1h" remind else lapse -> decide -> end
}

flow! {
    /// The same in a clause.
    flow ReviewedByClause(u32) -> u32 streams Out;
    with Clock;
    start -> draft -> emit;
    ask Review within "150m" every "1h" remind -> decide -> end else -> lapse -> end
}

#[tokio::test(start_paused = true)]
async fn a_stage_that_is_a_flow_reminds_and_the_outer_flow_may_set_the_period() {
    let clock = Clock::new();
    let flow = || {
        flow! {
            flow(u32) -> u32 streams Out;
            with Clock;
            start -> (Reviewed, ReviewedByClause) -> pair -> end
        }
    };
    let mut items = flow().with(clock.clone()).stream(7);
    let _asked = [
        items.try_next().await.unwrap().unwrap().review(),
        items.try_next().await.unwrap().unwrap().review(),
    ];
    assert_eq!(items.output().await.unwrap(), 1014 + 1007);
    assert_eq!(
        clock.lines(),
        ["7 at 60", "7 at 60", "7 at 120", "7 at 120"]
    );

    let clock = Clock::new();
    let flow = flow().with(clock.clone()).every_of::<remind>(2 * HOUR);
    let mut items = flow.stream(7);
    let _asked = [
        items.try_next().await.unwrap().unwrap().review(),
        items.try_next().await.unwrap().unwrap().review(),
    ];
    assert_eq!(items.output().await.unwrap(), 1014 + 1007);
    assert_eq!(clock.lines(), ["7 at 120", "7 at 120"]);
}

#[handler]
async fn fails(_review: Review, clock: Res<Clock>) -> Result<()> {
    clock.note("fails");
    Err("the mail server is down".into())
}

#[handler]
async fn note(failed: Failed<BoxError, Review>, clock: Res<Clock>) {
    let Review(number) = failed.cause;
    clock.note(format!(
        "{} of {number}, {:?}",
        failed.handler, failed.event
    ));
}

#[handler]
async fn note_all(failed: Failed, clock: Res<Clock>) {
    clock.note(failed.handler);
}

#[handler(timeout = "1s")]
async fn takes_too_long(_review: Review) {
    sleep(HOUR).await;
}

#[tokio::test(start_paused = true)]
async fn a_reminder_that_fails_fails_the_execution_unless_it_is_rescued() {
    let clock = Clock::new();
    let alone = flow! {
        flow(u32) -> u32 streams Out;
        with Clock;
        start -> draft -> ask Review every "1h" fails -> decide -> end
    };
    let mut items = alone.with(clock.clone()).stream(7);
    let _asked = items.try_next().await.unwrap().unwrap();
    let error = items.try_next().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Failed);
    assert_eq!(
        (error.handler(), error.event()),
        (Some("fails"), Some("Review"))
    );
    assert_eq!(error.to_string(), "handler `fails` failed on `Review`");

    // In an `each`, the reminder is not of the branch: a rescue drops nothing beside it.
    let clock = Clock::new();
    let rescued = flow! {
        flow(u32) -> u32 streams Out;
        with Clock;
        start -> drafts -> each (ask Review within "150m" every "1h" fails else lapse -> decide)
            -> sum -> end;
        rescue fails -> note
    };
    let mut execution = rescued.with(clock.clone()).spawn(1);
    let _asked = execution.items().try_next().await.unwrap().unwrap();
    assert_eq!(execution.output().await.unwrap(), 1000);
    let expected = [
        "fails at 60",
        "fails of 0, Some(\"Review\") at 60",
        "fails at 120",
        "fails of 0, Some(\"Review\") at 120",
    ];
    assert_eq!(clock.lines(), expected);

    let clock = Clock::new();
    let rescued_with_all = flow! {
        flow(u32) -> u32 streams Out;
        with Clock;
        start -> draft -> emit;
        ask Review within "150m" every "1h" takes_too_long -> decide -> end else -> lapse -> end;
        rescue -> note_all
    };
    let mut items = rescued_with_all.with(clock.clone()).stream(7);
    let _asked = items.try_next().await.unwrap().unwrap();
    assert_eq!(items.output().await.unwrap(), 1007);
    assert_eq!(
        clock.lines(),
        ["takes_too_long at 60", "takes_too_long at 120"]
    );
}

#[tokio::test(start_paused = true)]
async fn reminders_count_as_events() {
    let clock = Clock::new();
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        with Clock;
        max_events 3;
        start -> draft -> ask Review every "1h" remind -> decide -> end
    };
    let mut items = flow.with(clock.clone()).stream(7);
    let _asked = items.try_next().await.unwrap().unwrap();
    let error = items.try_next().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::TooManyEvents);
    let message =
        "the execution exceeded its `max_events` of 3; the last was a reminder of `Review`";
    assert_eq!(error.to_string(), message);
    assert_eq!((error.handler(), error.event()), (None, Some("Review")));
    assert_eq!(clock.lines().len(), 3);
}

#[handler(on = Work)]
async fn works_forever(_work: Work) -> u32 {
    std::future::pending().await
}

#[handler]
async fn remind_in_a_while(Review(number): Review, clock: Res<Clock>) {
    sleep(MINUTE).await;
    clock.note(number);
}

#[tokio::test(start_paused = true)]
async fn reminders_are_no_activity() {
    let clock = Clock::new();
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        with Clock;
        idle_timeout "150m";
        start -> both;
        when Work -> works_forever -> end;
        ask Review every "1h" remind_in_a_while -> decide -> ignore
    };
    let mut items = flow.with(clock.clone()).stream(7);
    let _asked = items.try_next().await.unwrap().unwrap();
    let error = items.try_next().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Idle);
    assert_eq!(error.handler(), Some("works_forever"));
    assert_eq!(clock.lines(), ["7 at 61", "7 at 121"]);
    assert_eq!(clock.0.elapsed(), 150 * MINUTE);
}

#[tokio::test(start_paused = true)]
async fn an_execution_that_waits_with_a_reminder_is_not_idle() {
    let clock = Clock::new();
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        with Clock;
        idle_timeout "90m";
        start -> draft -> ask Review within "5h" every "1h" remind_in_a_while else lapse -> decide -> end
    };
    let mut items = flow.with(clock.clone()).stream(7);
    let _asked = items.try_next().await.unwrap().unwrap();
    assert_eq!(items.output().await.unwrap(), 1014);
    assert_eq!(clock.lines().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn observers_are_told_of_reminders() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let lines = Arc::clone(&told);
    let clock = Clock::new();
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        with Clock;
        start -> draft -> ask Review within "90m" every "1h" remind else lapse -> decide -> end
    };
    let flow = flow.with(clock).observe(move |event| {
        if let LifecycleKind::ClauseEntered { trigger, cause, .. } = &event.kind {
            let is_caused = cause.is_some();
            let line = format!("{}: {trigger:?}, {is_caused}", event.kind);
            lines.lock().unwrap().push(line);
        }
    });
    let mut items = flow.stream(7);
    let _asked = items.try_next().await.unwrap().unwrap();
    items.output().await.unwrap();
    let expected = [
        "`start` was entered: None, false",
        "the `every \"1h\"` of `ask Review` was entered: Some(\"Review\"), false",
    ];
    assert_eq!(*told.lock().unwrap(), expected);
}

#[test]
fn a_reminder_needs_a_clock() {
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        with Clock;
        start -> draft -> ask Review every "1h" remind -> decide -> end
    };
    let mut execution = flow.with(Clock(Instant::now(), Arc::default())).stream(7);
    let error = futures::executor::block_on(async {
        let _asked = execution.try_next().await.unwrap().unwrap();
        execution.try_next().await.unwrap_err()
    });
    assert_eq!(error.kind(), FlowErrorKind::Runtime);
}

#[tokio::test(start_paused = true)]
async fn a_period_may_be_a_constant() {
    const PERIOD: Duration = Duration::from_secs(30 * 60);
    let clock = Clock::new();
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        with Clock;
        start -> draft -> ask Review within "1h" every PERIOD remind else lapse -> decide -> end
    };
    let mut items = flow.with(clock.clone()).stream(7);
    let _asked = items.try_next().await.unwrap().unwrap();
    assert_eq!(items.output().await.unwrap(), 1014);
    assert_eq!(clock.lines(), ["7 at 30"]);
}

#[test]
fn the_graph_names_the_question_and_the_period_and_the_picture_shows_them() {
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        with Clock;
        start -> draft -> ask Review within "24h" every "1h 30m" remind else lapse -> decide -> end
    };
    let json = serde_json::to_value(flow.graph()).unwrap();
    let reminder = &json["clauses"][1];
    assert_eq!(reminder["trigger"]["kind"], "reminder");
    let of = &reminder["trigger"]["of"];
    assert_eq!(of["question"]["name"], "Review");
    assert_eq!(of["period"], 5_400_000);
    assert_eq!(of["text"], "every \"1h 30m\"");
    assert_eq!(reminder["route"][0]["of"]["name"], "remind");
    let picture = flow.graph().to_mermaid();
    assert!(
        picture.contains("ask_Review -->|\"every #34;1h 30m#34;\"| h_remind"),
        "{picture}"
    );

    let flow = flow! {
        flow(u32) -> u32 streams Out;
        with Clock;
        start -> draft -> emit;
        ask Review every "1h" remind -> decide -> end
    };
    let picture = flow.graph().to_mermaid();
    assert!(
        picture.contains("ask -->|\"every #34;1h#34;\"| h_remind"),
        "{picture}"
    );
}

/// Counts the copies that exist.
#[derive(Debug, Event)]
#[event(answer = u32)]
struct Counted(Arc<()>, Option<Arc<Mutex<bool>>>);

impl Clone for Counted {
    fn clone(&self) -> Self {
        let panics = self
            .1
            .as_ref()
            .is_some_and(|panics| *panics.lock().unwrap());
        assert!(!panics, "it cannot be cloned");
        Self(Arc::clone(&self.0), self.1.clone())
    }
}

#[handler]
async fn counted((all, panics): (Arc<()>, Option<Arc<Mutex<bool>>>)) -> Counted {
    Counted(all, panics)
}

#[handler]
async fn remind_of_it(_counted: Counted) {}

#[handler]
async fn waits_on(answered: Answered<Counted>) -> u32 {
    drop(answered.question);
    sleep(HOUR / 2).await;
    answered.answer
}

#[tokio::test(start_paused = true)]
async fn a_reminder_keeps_nothing_of_a_question_that_was_answered() {
    let in_a_stage = flow! {
        flow((Arc<()>, Option<Arc<Mutex<bool>>>)) -> u32 streams Asked<Counted>;
        start -> counted -> ask Counted every "24h" remind_of_it -> waits_on -> end
    };
    let in_a_clause = flow! {
        flow((Arc<()>, Option<Arc<Mutex<bool>>>)) -> u32 streams Asked<Counted>;
        start -> counted -> emit;
        ask Counted every "24h" remind_of_it -> waits_on -> end
    };
    let all = Arc::new(());
    let input = || (Arc::clone(&all), None);
    let mut execution = in_a_stage.spawn(input());
    let asked = execution.items().try_next().await.unwrap().unwrap();
    sleep(MINUTE).await;
    asked.answer(1).unwrap();
    drop(asked);
    sleep(MINUTE).await;
    assert_eq!(Arc::strong_count(&all), 1);
    assert_eq!(execution.output().await.unwrap(), 1);

    let mut execution = in_a_clause.spawn(input());
    let asked = execution.items().try_next().await.unwrap().unwrap();
    sleep(MINUTE).await;
    asked.answer(1).unwrap();
    drop(asked);
    sleep(MINUTE).await;
    assert_eq!(Arc::strong_count(&all), 1);
    assert_eq!(execution.output().await.unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_question_whose_clone_panics_fails_the_execution() {
    let flow = flow! {
        flow((Arc<()>, Option<Arc<Mutex<bool>>>)) -> u32 streams Asked<Counted>;
        start -> counted -> ask Counted every "24h" remind_of_it -> waits_on -> end
    };
    let panics = Arc::new(Mutex::new(false));
    let mut items = flow.stream((Arc::new(()), Some(Arc::clone(&panics))));
    let _asked = items.try_next().await.unwrap().unwrap();
    *panics.lock().unwrap() = true;
    let error = items.try_next().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Panicked);
}

#[tokio::test(start_paused = true)]
async fn coverage_names_a_reminder_that_never_came() {
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        with Clock;
        start -> draft -> ask Review within "90m" every "1h" remind else lapse -> decide -> end
    };
    let coverage = Coverage::new(flow.graph());
    let untaken = || {
        let edges = coverage.uncovered();
        edges.iter().map(Edge::description).collect::<Vec<_>>()
    };
    let never = "the `every \"1h\"` of `ask Review` was never entered".to_owned();
    assert!(untaken().contains(&never), "{:?}", untaken());
    let marked = |picture: String| picture.lines().any(|line| line.contains("linkStyle"));
    assert!(marked(coverage.to_mermaid()));
    let flow = flow.with(Clock::new()).observe(coverage.observer());
    let mut items = flow.stream(7);
    let _asked = items.try_next().await.unwrap().unwrap();
    assert_eq!(items.output().await.unwrap(), 1014);
    assert_eq!(untaken(), [""; 0]);
}
