//! `ask E -> route`: questions to the outside, and their answers.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use flow_core::{
    AnswerError, Answered, Asked, Cx, Event, FlowErrorKind, QuestionId, Res, flow, handler,
};
use futures::{FutureExt, StreamExt, TryStreamExt};
use tokio::time::{advance, sleep};

/// The items of these streams.
#[derive(Clone, Debug)]
enum Out {
    Text(String),
    Review(Asked<Review>),
    Amount(Asked<Amount>),
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

impl From<Asked<Amount>> for Out {
    fn from(asked: Asked<Amount>) -> Self {
        Self::Amount(asked)
    }
}

impl Out {
    fn text(self) -> String {
        match self {
            Self::Text(text) => text,
            other => panic!("expected text: {other:?}"),
        }
    }

    fn review(self) -> Asked<Review> {
        match self {
            Self::Review(asked) => asked,
            other => panic!("expected a question: {other:?}"),
        }
    }
}

#[derive(Clone, Debug, Event)]
#[event(answer = "Verdict")]
struct Review(String);

#[derive(Debug, PartialEq)]
enum Verdict {
    Publish,
    Redraft(&'static str),
}

#[derive(Clone, Debug, Event)]
#[event(answer = "u32")]
struct Amount;

#[derive(Event)]
struct Redraft(String);

#[handler(emits = "Review")]
async fn draft(text: &'static str, cx: &Cx) {
    cx.emit(Review(text.to_owned()));
}

#[handler(emits = "Redraft")]
async fn decide(answered: Answered<Review>, cx: &Cx) {
    match answered.answer {
        Verdict::Publish => cx.put(format!("published: {}", answered.question.0)).await,
        Verdict::Redraft(why) => cx.emit(Redraft(format!("{}, {why}", answered.question.0))),
    }
}

#[handler(on = "Redraft", emits = "Review")]
async fn redraft(Redraft(text): Redraft, cx: &Cx) {
    cx.emit(Review(text));
}

#[handler]
async fn remind(Review(text): Review, cx: &Cx) {
    cx.put(format!("nobody looked at: {text}")).await;
}

/// What is late, made from the question.
struct Late(String);

impl From<Review> for Late {
    fn from(Review(text): Review) -> Self {
        Self(format!("late: {text}"))
    }
}

#[handler(on = Review)]
async fn expire(Late(text): Late, cx: &Cx) {
    cx.put(text).await;
}

macro_rules! reviewing {
    () => {
        flow! {
            streams Out;
            start(&'static str) -> draft;
            ask Review -> decide;
            when Redraft -> redraft
        }
    };
}

macro_rules! reminding {
    () => {
        flow! {
            streams Out;
            start(&'static str) -> draft;
            ask Review within "3d" -> decide else -> remind;
            when Redraft -> redraft
        }
    };
}

const fn hours(hours: u64) -> Duration {
    Duration::from_secs(hours * 60 * 60)
}

#[tokio::test]
async fn a_question_goes_out_with_the_stream_and_its_answer_comes_back_with_it() {
    let mut items = reviewing!().stream("rain");
    let asked = items.try_next().await.unwrap().unwrap().review();
    assert_eq!(asked.question.0, "rain");
    assert!(asked.within.is_none());
    asked.answer(Verdict::Redraft("and wind")).unwrap();
    let asked = items.try_next().await.unwrap().unwrap().review();
    assert_eq!(asked.question.0, "rain, and wind");
    asked.answer(Verdict::Publish).unwrap();
    let last = items.try_next().await.unwrap().unwrap().text();
    assert_eq!(last, "published: rain, and wind");
    drop(asked);
    assert!(items.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_question_waits_for_a_month_and_then_continues() {
    let mut items = reviewing!()
        .idle_timeout(Duration::from_secs(60))
        .stream("rain");
    let asked = items.try_next().await.unwrap().unwrap().review();
    assert!(items.next().now_or_never().is_none());
    let reader = tokio::spawn(async move { items.try_next().await });
    sleep(hours(24 * 30)).await;
    asked.answer(Verdict::Publish).unwrap();
    let item = reader.await.unwrap().unwrap().unwrap();
    assert_eq!(item.text(), "published: rain");
}

#[tokio::test(start_paused = true)]
async fn after_its_deadline_the_question_itself_takes_the_other_route() {
    let mut items = reminding!().stream("rain");
    let asked = items.try_next().await.unwrap().unwrap().review();
    let days = hours(72);
    assert_eq!(asked.within, Some(days));
    let item = items.try_next().await.unwrap().unwrap();
    assert_eq!(item.text(), "nobody looked at: rain");
    assert_eq!(
        asked.answer(Verdict::Publish),
        Err(AnswerError::Ended(Verdict::Publish))
    );
}

#[tokio::test(start_paused = true)]
async fn a_handler_on_the_question_converts_the_unanswered_one() {
    let flow = flow! {
        streams Out;
        start(&'static str) -> draft;
        ask Review within "3d" -> decide else -> expire;
        when Redraft -> redraft
    };
    let mut items = flow.stream("rain");
    let asked = items.try_next().await.unwrap().unwrap().review();
    let item = items.try_next().await.unwrap().unwrap();
    assert_eq!(item.text(), "late: rain");
    drop(asked);
}

#[tokio::test(start_paused = true)]
async fn an_answer_in_time_is_not_overtaken_by_the_deadline() {
    let mut execution = reminding!().spawn("rain");
    let asked = execution.items().next().await.unwrap().unwrap().review();
    advance(hours(71)).await;
    asked.answer(Verdict::Publish).unwrap();
    drop(asked);
    let item = execution.items().next().await.unwrap().unwrap();
    assert_eq!(item.text(), "published: rain");
    advance(hours(2)).await;
    execution.output().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn without_an_else_a_deadline_ends_the_execution() {
    let flow = flow! {
        streams Out;
        start(&'static str) -> draft;
        ask Review within "90s" -> decide;
        when Redraft -> redraft
    };
    let mut items = flow.stream("rain");
    let asked = items.try_next().await.unwrap().unwrap().review();
    let error = items.try_next().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Unanswered);
    assert_eq!(error.to_string(), "`Review` was not answered within 1m 30s");
    assert_eq!((error.handler(), error.event()), (None, Some("Review")));
    assert_eq!(
        asked.answer(Verdict::Publish),
        Err(AnswerError::Ended(Verdict::Publish))
    );
}

#[tokio::test]
async fn a_question_that_can_no_longer_be_answered_is_given_up() {
    let mut items = reminding!().stream("rain");
    drop(items.try_next().await.unwrap());
    let item = items.try_next().await.unwrap().unwrap();
    assert_eq!(item.text(), "nobody looked at: rain");
    assert!(items.next().await.is_none());

    let error = reviewing!().run("rain").await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Unanswered);
    assert_eq!(
        error.to_string(),
        "`Review` can no longer be answered: every `Asked`, handle and sender was dropped"
    );
}

#[tokio::test]
async fn the_first_answer_counts() {
    let mut items = reviewing!().stream("rain");
    let asked = items.try_next().await.unwrap().unwrap().review();
    let other = asked.clone();
    other.answer(Verdict::Publish).unwrap();
    assert_eq!(
        asked.answer(Verdict::Publish),
        Err(AnswerError::NotAsked(Verdict::Publish))
    );
    let item = items.try_next().await.unwrap().unwrap();
    assert_eq!(item.text(), "published: rain");
}

#[handler(emits = "Review")]
async fn draft_each(texts: Vec<&'static str>, cx: &Cx) {
    for text in texts {
        cx.emit(Review(text.to_owned()));
    }
}

#[tokio::test]
async fn each_answer_comes_with_its_question_in_whatever_order_they_are_given() {
    let flow = flow! {
        streams Out;
        start(Vec<&'static str>) -> draft_each;
        ask Review -> decide;
        when Redraft -> redraft
    };
    let mut items = flow.stream(vec!["one", "two", "three"]);
    let mut asked = Vec::new();
    for _ in 0..3 {
        asked.push(items.try_next().await.unwrap().unwrap().review());
    }
    assert_eq!(
        asked
            .iter()
            .map(|asked| asked.id.to_string())
            .collect::<Vec<_>>(),
        ["0", "1", "2"]
    );
    for asked in asked.into_iter().rev() {
        asked.answer(Verdict::Publish).unwrap();
    }
    let texts: Vec<_> = items.map_ok(Out::text).try_collect().await.unwrap();
    assert_eq!(
        texts,
        ["published: three", "published: two", "published: one"]
    );
}

#[handler(emits = ["Review", "Amount"])]
async fn ask_both(cx: &Cx) {
    cx.emit(Review("rain".to_owned()));
    cx.emit(Amount);
}

#[handler]
async fn pay(answered: Answered<Amount>, cx: &Cx) {
    cx.put(format!("{} paid", answered.answer)).await;
}

#[tokio::test]
async fn by_its_number_a_question_is_answered_from_elsewhere() {
    let flow = flow! {
        streams Out;
        start -> ask_both;
        ask Review -> decide;
        ask Amount -> pay;
        when Redraft -> redraft
    };
    let mut execution = flow.spawn(());
    let review = execution
        .items()
        .next()
        .await
        .unwrap()
        .unwrap()
        .review()
        .id
        .to_string();
    let Out::Amount(amount) = execution.items().next().await.unwrap().unwrap() else {
        panic!("expected a question");
    };
    // The number of a question of another type is rejected.
    let wrong: QuestionId<Amount> = review.parse().unwrap();
    assert_eq!(execution.answer(wrong, 7), Err(AnswerError::NotAsked(7)));
    assert_eq!(
        execution.answer::<Review>("99".parse().unwrap(), Verdict::Publish),
        Err(AnswerError::NotAsked(Verdict::Publish))
    );

    execution
        .answer::<Review>(review.parse().unwrap(), Verdict::Publish)
        .unwrap();
    let item = execution.items().next().await.unwrap().unwrap();
    assert_eq!(item.text(), "published: rain");
    let sender = execution.sender();
    sender.answer(amount.id, 3).unwrap();
    let item = execution.items().next().await.unwrap().unwrap();
    assert_eq!(item.text(), "3 paid");
    drop(amount);
    execution.cancel();
    let _cancelled = execution.output().await.unwrap_err();
    assert_eq!(
        sender.answer::<Review>(review.parse().unwrap(), Verdict::Publish),
        Err(AnswerError::Ended(Verdict::Publish))
    );
}

#[tokio::test]
async fn a_rejected_answer_comes_back_with_the_error() {
    let mut items = reviewing!().stream("rain");
    let asked = items.try_next().await.unwrap().unwrap().review();
    asked.answer(Verdict::Publish).unwrap();
    let error = asked.answer(Verdict::Redraft("and wind")).unwrap_err();
    assert_eq!(format!("{error:?}"), "NotAsked(..)");
    assert_eq!(error.into_inner(), Verdict::Redraft("and wind"));
    drop(items);
    let error = asked.answer(Verdict::Redraft("and snow")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the execution that asked this question has ended"
    );
    assert_eq!(error.into_inner(), Verdict::Redraft("and snow"));
}

#[tokio::test]
async fn an_answer_after_a_cancel_is_an_error_before_the_execution_has_noticed() {
    let mut execution = reviewing!().spawn("rain");
    let asked = execution.items().next().await.unwrap().unwrap().review();
    execution.cancel();
    // The task of the execution has not run in between.
    assert_eq!(
        asked.answer(Verdict::Publish),
        Err(AnswerError::Ended(Verdict::Publish))
    );
    execution.output().await.unwrap_err();
}

#[tokio::test(start_paused = true)]
async fn a_question_is_closed_once_it_is_answered_for_every_task_that_waits() {
    let mut execution = reviewing!().spawn("rain");
    let asked = execution.items().next().await.unwrap().unwrap().review();
    let mut waiting: Vec<_> = (0..3)
        .map(|_| {
            let asked = asked.clone();
            tokio::spawn(async move { asked.closed().await })
        })
        .collect();
    // A dropped future changes nothing for the others.
    assert!(asked.closed().now_or_never().is_none());
    sleep(hours(1)).await;
    assert!(waiting.iter_mut().all(|task| !task.is_finished()));
    execution.answer(asked.id, Verdict::Publish).unwrap();
    for task in waiting {
        task.await.unwrap();
    }
    assert!(asked.closed().now_or_never().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_question_is_closed_when_its_time_has_passed() {
    let mut execution = reminding!().spawn("rain");
    let asked = execution.items().next().await.unwrap().unwrap().review();
    let begun = tokio::time::Instant::now();
    asked.closed().await;
    assert!(begun.elapsed() >= hours(72), "{:?}", begun.elapsed());
    let item = execution.items().next().await.unwrap().unwrap();
    assert_eq!(item.text(), "nobody looked at: rain");
}

#[tokio::test]
async fn a_question_is_closed_when_its_execution_ends_or_is_dropped() {
    let mut execution = reviewing!().spawn("rain");
    let asked = execution.items().next().await.unwrap().unwrap().review();
    assert!(asked.closed().now_or_never().is_none());
    execution.cancel();
    asked.closed().await;

    let mut items = reviewing!().stream("rain");
    let asked = items.try_next().await.unwrap().unwrap().review();
    let closed = tokio::spawn(async move { asked.closed().await });
    tokio::task::yield_now().await;
    assert!(!closed.is_finished());
    drop(items);
    closed.await.unwrap();
}

#[derive(Default)]
struct Handed {
    asked: Mutex<Option<Asked<Review>>>,
    answered: Mutex<Option<Result<(), AnswerError<Verdict>>>>,
}

#[handler(on = Redraft)]
async fn stop_and_answer(_redraft: Redraft, handed: Res<Handed>, cx: &Cx) {
    let asked = handed.asked.lock().unwrap().take().unwrap();
    cx.stop();
    *handed.answered.lock().unwrap() = Some(asked.answer(Verdict::Publish));
}

#[tokio::test]
async fn an_answer_of_a_handler_that_has_stopped_the_execution_is_an_error() {
    let handed = Arc::new(Handed::default());
    let flow = flow! {
        streams Out;
        with Handed;
        external Redraft;
        start(&'static str) -> draft;
        ask Review -> decide;
        when Redraft -> stop_and_answer
    };
    let mut execution = flow.with_arc(Arc::clone(&handed)).spawn("rain");
    let asked = execution.items().next().await.unwrap().unwrap().review();
    *handed.asked.lock().unwrap() = Some(asked);
    execution.emit(Redraft(String::new())).await.unwrap();
    execution.output().await.unwrap();
    assert_eq!(
        handed.answered.lock().unwrap().take().unwrap(),
        Err(AnswerError::Ended(Verdict::Publish))
    );
}

flow! {
    flow Reviewed(&'static str) streams Out;
    start -> draft;
    ask Review -> decide;
    when Redraft -> redraft
}

#[handler]
async fn done(cx: &Cx) {
    cx.put("done".to_owned()).await;
}

#[tokio::test]
async fn a_flow_within_a_flow_asks_through_the_stream_of_the_outer_one() {
    let flow = flow! { streams Out; start(&'static str) -> Reviewed -> done };
    let mut items = flow.stream("rain");
    let asked = items.try_next().await.unwrap().unwrap().review();
    asked.answer(Verdict::Publish).unwrap();
    drop(asked);
    let texts: Vec<_> = items.map_ok(Out::text).try_collect().await.unwrap();
    assert_eq!(texts, ["published: rain", "done"]);
}

#[test]
fn the_picture_shows_where_it_goes_out_and_comes_back() {
    let picture = reminding!().graph().to_mermaid();
    for edge in [
        "e_Review --> ask",
        "ask -->|\"answer\"| h_decide",
        "ask -->|\"no answer\"| h_remind",
    ] {
        assert!(picture.contains(edge), "{picture}");
    }
}
