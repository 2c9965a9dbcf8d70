//! `ask E` as a stage: a question within a route.

use std::time::Duration;

use flow_core::{
    AnswerError, Answered, Asked, Cx, Event, Failed, FlowErrorKind, Result, Unanswered, flow,
    handler,
};
use futures::{FutureExt, StreamExt, TryStreamExt};
use tokio::time::{Instant, sleep};

#[derive(Clone, Debug, PartialEq, Event)]
#[event(answer = u32)]
struct Review(u32);

/// The items of these streams.
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

#[handler]
async fn draft(number: u32) -> Review {
    Review(number)
}

#[handler]
async fn drafts(count: u32) -> Vec<Review> {
    (0..count).map(Review).collect()
}

#[handler]
async fn sum(answered: Answered<Review>) -> u32 {
    answered.question.0 + answered.answer
}

#[handler]
async fn add_all(sums: Vec<u32>) -> u32 {
    sums.into_iter().fold(0, |all, one| 100 * all + one)
}

#[handler]
async fn lapse(Review(number): Review) -> u32 {
    number + 1
}

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn a_stage_asks_and_goes_on_with_the_answer() {
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        start -> draft -> ask Review -> sum -> end
    };
    let mut items = flow.stream(7);
    let asked = items.try_next().await.unwrap().unwrap().review();
    assert_eq!((asked.question.0, asked.within), (7, None));
    assert!(items.next().now_or_never().is_none());
    asked.answer(10).unwrap();
    assert_eq!(asked.answer(11), Err(AnswerError::NotAsked(11)));
    assert_eq!(items.output().await.unwrap(), 17);
}

#[tokio::test(start_paused = true)]
async fn an_else_answers_when_the_time_is_over() {
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        start -> draft -> ask Review within "1h" else lapse -> sum -> end
    };
    let begun = Instant::now();
    let mut items = flow.stream(7);
    let asked = items.try_next().await.unwrap().unwrap().review();
    assert_eq!(asked.within, Some(HOUR));
    assert_eq!(items.output().await.unwrap(), 15);
    assert_eq!(begun.elapsed(), HOUR);
    assert_eq!(asked.answer(1), Err(AnswerError::Ended(1)));
}

#[tokio::test(start_paused = true)]
async fn without_an_else_an_unanswered_question_fails() {
    let flow = || {
        flow! {
            flow(u32) -> u32 streams Out;
            start -> draft -> ask Review within "1h" -> sum -> end
        }
    };
    let mut items = flow().stream(7);
    let asked = items.try_next().await.unwrap().unwrap().review();
    let error = items.try_next().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Unanswered);
    assert_eq!(error.event(), Some("Review"));
    assert_eq!(error.to_string(), "`Review` was not answered within 1h");
    drop(asked);
    // Nothing is left that could answer.
    let error = flow().run(7).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Unanswered);
}

#[tokio::test(start_paused = true)]
async fn in_an_each_as_many_wait_as_its_limit_and_answers_come_in_any_order() {
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        start -> drafts -> each (ask Review -> sum)[2] -> add_all -> end
    };
    let mut items = flow.stream(4);
    let mut open = Vec::new();
    for _ in 0..2 {
        open.push(items.try_next().await.unwrap().unwrap().review());
    }
    // The others wait for a place, which an answer makes.
    assert!(items.next().now_or_never().is_none());
    for number in [1, 0, 2, 3] {
        let at = open.iter().position(|asked| asked.question.0 == number);
        open.remove(at.unwrap()).answer(10 * number).unwrap();
        if number < 2 {
            open.push(items.try_next().await.unwrap().unwrap().review());
        }
        assert!(
            items
                .next()
                .now_or_never()
                .is_none_or(|item| item.is_none())
        );
    }
    assert_eq!(items.output().await.unwrap(), 11_22_33);
}

#[tokio::test(start_paused = true)]
async fn in_an_each_a_question_that_lapses_makes_room_for_the_next() {
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        start -> drafts -> each (ask Review within "1h" else lapse -> sum)[1] -> add_all -> end
    };
    let begun = Instant::now();
    let execution = flow.spawn(3);
    assert_eq!(execution.output().await.unwrap(), 1_03_05);
    // Nothing read the questions, so nothing could answer them.
    assert_eq!(begun.elapsed(), Duration::ZERO);

    let flow = flow! {
        flow(u32) -> u32 streams Out;
        start -> drafts -> each (ask Review within "1h" else lapse -> sum)[1] -> add_all -> end
    };
    let mut execution = flow.spawn(3);
    let asked: Vec<_> = execution.items().take(3).collect().await;
    assert_eq!(begun.elapsed(), 2 * HOUR);
    assert_eq!(execution.output().await.unwrap(), 1_03_05);
    assert_eq!(begun.elapsed(), 3 * HOUR);
    assert_eq!(asked.len(), 3);
}

enum Either {
    Asks(Review),
    Passes(u32),
}

#[handler]
async fn either(number: u32) -> Either {
    if number > 10 {
        Either::Asks(Review(number))
    } else {
        Either::Passes(number)
    }
}

#[tokio::test]
async fn an_arm_asks_and_the_other_does_not() {
    let flow = || {
        flow! {
            flow(u32) -> u32 streams Out;
            start -> either -> match {
                Either::Asks(review) => ask Review -> sum,
                Either::Passes(number) => itself,
            } -> itself -> end
        }
    };
    assert_eq!(flow().run(3).await.unwrap(), 3);
    let mut items = flow().stream(30);
    items
        .try_next()
        .await
        .unwrap()
        .unwrap()
        .review()
        .answer(5)
        .unwrap();
    assert_eq!(items.output().await.unwrap(), 35);
}

#[handler]
async fn itself(number: u32) -> u32 {
    number
}

#[handler]
async fn slow(Review(number): Review) -> u32 {
    sleep(HOUR).await;
    number
}

#[handler]
async fn pair((one, other): (u32, u32)) -> u32 {
    100 * one + other
}

#[tokio::test(start_paused = true)]
async fn in_a_join_a_question_waits_beside_what_runs() {
    let flow = || {
        flow! {
            flow(u32) -> u32 streams Out;
            start -> draft -> (ask Review -> sum, slow) -> pair -> end
        }
    };
    let mut items = flow().stream(7);
    let asked = items.try_next().await.unwrap().unwrap().review();
    let answers = tokio::spawn(async move {
        sleep(2 * HOUR).await;
        asked.answer(10).unwrap();
    });
    let begun = Instant::now();
    assert_eq!(items.output().await.unwrap(), 17_07);
    assert_eq!(begun.elapsed(), 2 * HOUR);
    answers.await.unwrap();

    // While the other branch runs, the execution is not idle, and not waiting either.
    let mut items = flow().idle_timeout(HOUR / 2).stream(7);
    let _asked = items.try_next().await.unwrap().unwrap().review();
    let error = items.try_next().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Idle);
    assert_eq!(error.handler(), Some("slow"));

    // Once it has come to its end, the question may take its time.
    let mut items = flow().idle_timeout(HOUR + HOUR / 2).stream(7);
    let asked = items.try_next().await.unwrap().unwrap().review();
    let answers = tokio::spawn(async move {
        sleep(100 * HOUR).await;
        asked.answer(10).unwrap();
    });
    assert_eq!(items.output().await.unwrap(), 17_07);
    answers.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_idle_clock_stands_still_while_a_stage_waits() {
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        idle_timeout "1m";
        start -> drafts -> each (ask Review -> sum)[2] -> add_all -> end
    };
    let mut items = flow.stream(2);
    let open: Vec<_> = items.by_ref().take(2).collect().await;
    let answers = tokio::spawn(async move {
        for (asked, hours) in open.into_iter().zip([5, 7]) {
            sleep(hours * HOUR).await;
            asked.unwrap().review().answer(hours).unwrap();
        }
    });
    assert_eq!(items.output().await.unwrap(), 5_08);
    answers.await.unwrap();
}

#[derive(Event)]
struct Stop;

#[handler(on = Stop)]
async fn stop() -> u32 {
    99
}

#[tokio::test]
async fn once_the_end_is_decided_the_else_answers_and_a_question_without_one_is_given_up() {
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        external Stop;
        start -> draft -> ask Review else lapse -> sum -> put_text;
        when Stop -> stop -> end
    };
    let mut execution = flow.spawn(7);
    let asked = execution
        .items()
        .try_next()
        .await
        .unwrap()
        .unwrap()
        .review();
    execution.emit(Stop).await.unwrap();
    let text = execution.items().try_next().await.unwrap().unwrap();
    assert!(matches!(text, Out::Text(text) if text == "15"));
    assert_eq!(asked.answer(3), Err(AnswerError::Ended(3)));
    assert_eq!(execution.output().await.unwrap(), 99);

    let flow = flow! {
        flow(u32) -> u32 streams Out;
        external Stop;
        start -> draft -> ask Review -> sum -> put_text;
        when Stop -> stop -> end
    };
    let mut execution = flow.spawn(7);
    let asked = execution
        .items()
        .try_next()
        .await
        .unwrap()
        .unwrap()
        .review();
    let lifecycle = execution.lifecycle();
    execution.emit(Stop).await.unwrap();
    asked.closed().await;
    assert_eq!(execution.output().await.unwrap(), 99);
    assert_eq!(asked.answer(3), Err(AnswerError::Ended(3)));
    let told: Vec<_> = lifecycle
        .map(|event| event.kind.to_string())
        .collect()
        .await;
    assert!(told.contains(&"`ask Review` failed".to_owned()), "{told:?}");
}

#[handler]
async fn breaks(_number: u32) -> Result<u32> {
    Err("it is broken".into())
}

#[handler]
async fn draft_instead(_failed: Failed) -> Review {
    Review(70)
}

#[tokio::test]
async fn a_question_of_a_rescue_is_given_up_as_well_once_the_end_is_decided() {
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        external Stop;
        start -> breaks -> put_text;
        rescue breaks -> draft_instead -> ask Review -> sum -> put_text;
        when Stop -> stop -> end
    };
    let mut execution = flow.spawn(7);
    let asked = execution
        .items()
        .try_next()
        .await
        .unwrap()
        .unwrap()
        .review();
    execution.emit(Stop).await.unwrap();
    assert_eq!(execution.output().await.unwrap(), 99);
    assert_eq!(asked.answer(3), Err(AnswerError::Ended(3)));
}

#[tokio::test(start_paused = true)]
async fn the_time_of_a_question_may_be_given_at_run_time() {
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        start -> draft -> ask Review within "1h" else lapse -> sum -> end
    };
    let begun = Instant::now();
    let mut items = flow.within_of::<Review>(3 * HOUR).stream(7);
    let asked = items.try_next().await.unwrap().unwrap().review();
    assert_eq!(asked.within, Some(3 * HOUR));
    assert_eq!(items.output().await.unwrap(), 15);
    assert_eq!(begun.elapsed(), 3 * HOUR);
}

#[tokio::test]
async fn a_question_is_closed_when_its_execution_is_dropped() {
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        start -> drafts -> each (ask Review -> sum)[2] -> add_all -> end
    };
    let mut items = flow.stream(2);
    let asked = items.try_next().await.unwrap().unwrap().review();
    assert!(asked.closed().now_or_never().is_none());
    drop(items);
    asked.closed().await;
    assert_eq!(asked.answer(1), Err(AnswerError::Ended(1)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_from_other_threads_reach_their_stages() {
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        start -> drafts -> each (ask Review -> sum)[8] -> total -> end
    };
    let mut execution = flow.spawn(1000);
    while let Some(item) = execution.items().next().await {
        let asked = item.unwrap().review();
        tokio::spawn(async move { asked.answer(1).unwrap() });
    }
    assert_eq!(execution.output().await.unwrap(), (1..=1000).sum::<u32>());
}

#[handler]
async fn total(sums: Vec<u32>) -> u32 {
    sums.into_iter().sum()
}

#[handler]
async fn put_text(number: u32, cx: &Cx) {
    cx.put(number.to_string()).await;
}

#[handler]
async fn gone(failed: Failed<Unanswered<Review>>) -> u32 {
    assert_eq!(failed.error.within, Some(HOUR));
    assert_eq!((failed.handler, failed.event), ("ask Review", None));
    1000 + failed.error.question.0
}

#[handler]
async fn any(failed: Failed) -> u32 {
    assert_eq!(
        failed.error.to_string(),
        "`Review` was not answered within 1h"
    );
    2000
}

#[tokio::test(start_paused = true)]
async fn a_question_that_a_failing_rescue_has_taken_stays_unanswered() {
    #[handler]
    async fn refuses(failed: Failed<Unanswered<Review>>) -> Result<u32> {
        Err(format!("{} is refused", failed.error.question.0).into())
    }

    #[handler]
    async fn refuses_all(_failed: Failed) -> Result<u32> {
        Err("refused".into())
    }

    let by_name = flow! {
        flow(u32) -> u32 streams Out;
        start -> draft -> ask Review -> sum -> end;
        rescue ask Review -> refuses -> end
    };
    let by_any = flow! {
        flow(u32) -> u32 streams Out;
        start -> draft -> ask Review -> sum -> end;
        rescue -> refuses_all -> end
    };
    // Nothing reads the questions.
    for error in [by_name.run(7).await, by_any.run(7).await] {
        let error = error.unwrap_err();
        assert_eq!(error.kind(), FlowErrorKind::Failed);
        let rescued = error.rescued().unwrap();
        assert_eq!(rescued.kind(), FlowErrorKind::Unanswered);
        assert_eq!(
            rescued.to_string(),
            "`Review` can no longer be answered: every `Asked`, handle and sender was dropped"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_rescue_takes_an_unanswered_question() {
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        start -> draft -> ask Review within "1h" -> sum -> end;
        rescue ask Review -> gone -> end;
    };
    let mut items = flow.stream(7);
    let _asked = items.try_next().await.unwrap().unwrap();
    assert_eq!(items.output().await.unwrap(), 1007);

    let flow = flow! {
        flow(u32) -> u32 streams Out;
        start -> draft -> ask Review within "1h" -> sum -> end;
        rescue -> any -> end;
    };
    let mut items = flow.stream(7);
    let _asked = items.try_next().await.unwrap().unwrap();
    assert_eq!(items.output().await.unwrap(), 2000);
}

#[tokio::test(start_paused = true)]
async fn an_else_around_a_chain_takes_an_unanswered_question_and_a_skip_leaves_it_out() {
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        start -> draft -> (ask Review within "1h" -> sum) else any -> end;
    };
    let mut items = flow.stream(7);
    let _asked = items.try_next().await.unwrap().unwrap();
    assert_eq!(items.output().await.unwrap(), 2000);

    let flow = flow! {
        flow(u32) -> u32 streams Out;
        start -> drafts -> each (ask Review within "1h" else skip -> sum) -> add_all -> end;
    };
    let mut items = flow.stream(3);
    let asked: Vec<_> = items.by_ref().take(3).collect().await;
    let mut asked = asked.into_iter().map(|item| item.unwrap().review());
    let (_first, second, _third) = (asked.next(), asked.next().unwrap(), asked.next());
    second.answer(40).unwrap();
    assert_eq!(items.output().await.unwrap(), 41);
}

#[tokio::test]
async fn a_handle_answers_by_number() {
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        start -> drafts -> each (ask Review -> sum)[2] -> add_all -> end
    };
    let mut execution = flow.spawn(2);
    let mut ids = Vec::new();
    for _ in 0..2 {
        let asked = execution
            .items()
            .try_next()
            .await
            .unwrap()
            .unwrap()
            .review();
        ids.push(asked.id);
    }
    assert_eq!(
        ids.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["0", "1"]
    );
    execution.answer(ids[1], 20).unwrap();
    assert_eq!(execution.answer(ids[1], 20), Err(AnswerError::NotAsked(20)));
    let id = ids[0].to_string().parse().unwrap();
    execution.answer::<Review>(id, 10).unwrap();
    assert_eq!(execution.output().await.unwrap(), 10_21);
}

#[handler]
async fn cannot(_: Review) -> Result<u32> {
    sleep(HOUR).await;
    Err("no".into())
}

#[handler]
async fn instead(_: Failed) -> u32 {
    3
}

#[tokio::test(start_paused = true)]
async fn a_question_whose_branch_is_dropped_is_closed() {
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        start -> draft -> ((ask Review -> sum, cannot) -> pair) else instead -> end
    };
    let mut execution = flow.spawn(7);
    let asked = execution
        .items()
        .try_next()
        .await
        .unwrap()
        .unwrap()
        .review();
    asked.closed().await;
    assert_eq!(execution.answer(asked.id, 1), Err(AnswerError::Ended(1)));
    assert_eq!(execution.output().await.unwrap(), 3);
}

flow! {
    flow Reviewed(u32) -> u32 streams Out;
    start -> draft -> ask Review within "1h" -> sum -> end
}

#[handler]
async fn numbers(count: u32) -> Vec<u32> {
    (0..count).collect()
}

#[tokio::test(start_paused = true)]
async fn a_stage_that_is_a_flow_asks_in_a_stage() {
    let flow = flow! {
        flow(u32) -> u32 streams Out;
        idle_timeout "1m";
        start -> numbers -> each Reviewed[2] -> add_all -> end
    };
    let mut execution = flow.spawn(2);
    let mut ids = Vec::new();
    for _ in 0..2 {
        ids.push(
            execution
                .items()
                .try_next()
                .await
                .unwrap()
                .unwrap()
                .review()
                .id,
        );
    }
    sleep(HOUR / 2).await;
    for id in ids.into_iter().rev() {
        execution.answer(id, 10).unwrap();
    }
    assert_eq!(execution.output().await.unwrap(), 10_11);
}

mod words {
    use super::{Answered, Out, Review, draft, flow, handler};

    #[handler]
    async fn ask(Review(number): Review) -> u32 {
        number
    }

    #[handler]
    async fn count(_: Answered<Review>) -> u32 {
        0
    }

    #[tokio::test]
    async fn a_handler_may_be_named_ask() {
        let plain = flow! { flow(u32) -> u32; start -> draft -> ask -> end };
        assert_eq!(plain.run(7).await.unwrap(), 7);
        let flow = flow! {
            flow(u32) -> u32 streams Out;
            start -> draft -> (ask, ask Review else ask -> count) -> both -> each ask_twice -> sum -> end
        };
        assert_eq!(flow.run(7).await.unwrap(), 7);
    }

    #[handler]
    async fn both((one, other): (u32, u32)) -> [u32; 2] {
        [one, other]
    }

    #[handler]
    async fn ask_twice(number: u32) -> u32 {
        number
    }

    #[handler]
    async fn sum(numbers: Vec<u32>) -> u32 {
        numbers.into_iter().sum()
    }
}
