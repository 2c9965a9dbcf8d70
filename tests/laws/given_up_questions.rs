//! A stage that waits for what the end of its execution has closed is given up, with its clause: no
//! rescue takes over. An `else` takes its place, at the stage or around its chain.

use std::time::Duration;

use flow_core::{
    AnswerError, Answered, Asked, Cx, Event, Failed, FlowError, FlowErrorKind, ItemsOf, Res,
    Unanswered, flow, handler,
};
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};
use tokio::time::sleep;

use crate::Log;

#[derive(Clone, Debug, Event)]
#[event(answer = u32)]
struct Review(u32);

#[derive(Clone, Event)]
struct Work;

const SECOND: Duration = Duration::from_secs(1);

#[handler(emits = Work)]
async fn both(cx: &Cx) {
    cx.emit(Work);
}

#[handler(on = Work)]
async fn end_soon(_work: Work) -> u32 {
    sleep(SECOND).await;
    7
}

#[handler(on = Work)]
async fn draft(_work: Work) -> Review {
    Review(1)
}

#[handler(on = Work)]
async fn drafts(_work: Work) -> Vec<Review> {
    vec![Review(1), Review(2)]
}

#[handler]
async fn decided(_answered: Answered<Review>, log: Res<Log>) -> u32 {
    log.add("decided");
    1
}

#[handler]
async fn instead(_failed: Failed, log: Res<Log>) -> u32 {
    log.add("instead");
    2
}

#[handler]
async fn gone(failed: Failed<Unanswered<Review>>, log: Res<Log>) {
    log.add(format!("gone {}", failed.error.question.0));
}

#[handler]
async fn rescued(_failed: Failed, log: Res<Log>) {
    log.add("rescued");
}

#[handler]
async fn stage_failed(failed: Failed<FlowError>, log: Res<Log>) {
    log.add(failed.error.to_string());
}

#[handler]
async fn note(sums: Vec<u32>, log: Res<Log>) {
    log.add(format!("{sums:?}"));
}

#[handler]
async fn beside(_work: Work) -> u32 {
    sleep(3 * SECOND).await;
    5
}

#[handler]
async fn note_both((asked, beside): (u32, u32), log: Res<Log>) {
    log.add(format!("{asked} {beside}"));
}

#[tokio::test(start_paused = true)]
async fn no_rescue_takes_a_question_that_the_end_gives_up() {
    let log = Log::default();
    let of_all = flow! {
        flow -> u32 streams Asked<Review>;
        with Log;
        start -> both;
        when Work -> draft -> ask Review -> decided -> ignore;
        when Work -> end_soon -> end;
        rescue -> rescued
    };
    let mut execution = of_all.with(log.clone()).spawn(());
    let lifecycle = execution.lifecycle();
    let asked = execution.items().try_next().await.unwrap().unwrap();
    asked.closed().await;
    assert_eq!(execution.output().await.unwrap(), 7);
    assert_eq!(asked.answer(3), Err(AnswerError::Ended(3)));
    assert_eq!(log.lines(), [""; 0]);
    // Those that watch are told.
    let told: Vec<_> = lifecycle
        .map(|event| event.kind.to_string())
        .collect()
        .await;
    assert!(told.contains(&"`ask Review` failed".to_owned()), "{told:?}");

    let of_it = flow! {
        flow -> u32 streams Asked<Review>;
        with Log;
        start -> both;
        when Work -> draft -> ask Review -> decided -> ignore;
        when Work -> end_soon -> end;
        rescue ask Review -> gone
    };
    let mut execution = of_it.with(log.clone()).spawn(());
    let _asked = execution.items().try_next().await.unwrap().unwrap();
    assert_eq!(execution.output().await.unwrap(), 7);
    assert_eq!(log.lines(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_rescue_takes_the_same_question_before_the_end() {
    let log = Log::default();
    let flow = flow! {
        flow -> u32 streams Asked<Review>;
        with Log;
        start -> both;
        when Work -> draft -> ask Review within "500ms" -> decided -> ignore;
        when Work -> end_soon -> end;
        rescue ask Review -> gone
    };
    let mut execution = flow.with(log.clone()).spawn(());
    let _asked = execution.items().try_next().await.unwrap().unwrap();
    assert_eq!(execution.output().await.unwrap(), 7);
    assert_eq!(log.lines(), ["gone 1"]);
}

#[handler]
async fn fails_late(_work: Work) -> flow_core::Result<()> {
    sleep(3 * SECOND).await;
    Err("it is late".into())
}

#[tokio::test(start_paused = true)]
async fn a_failure_after_the_end_is_decided_is_rescued_as_before() {
    let log = Log::default();
    let flow = flow! {
        flow -> u32 streams Asked<Review>;
        with Log;
        start -> both;
        when Work -> draft -> ask Review -> decided -> ignore;
        when Work -> fails_late;
        when Work -> end_soon -> end;
        rescue -> rescued
    };
    let mut execution = flow.with(log.clone()).spawn(());
    let _asked = execution.items().try_next().await.unwrap().unwrap();
    assert_eq!(execution.output().await.unwrap(), 7);
    assert_eq!(log.lines(), ["rescued"]);
}

#[tokio::test(start_paused = true)]
async fn an_else_around_a_chain_takes_the_place_of_what_is_given_up() {
    let log = Log::default();
    let in_a_chain = flow! {
        flow -> u32 streams Asked<Review>;
        with Log;
        start -> both;
        when Work -> drafts -> each ((ask Review -> decided) else instead)[2] -> note;
        when Work -> end_soon -> end
    };
    let mut execution = in_a_chain.with(log.clone()).spawn(());
    let _asked: Vec<_> = execution.items().take(2).collect().await;
    assert_eq!(execution.output().await.unwrap(), 7);
    assert_eq!(log.lines(), ["instead", "instead", "[2, 2]"]);

    let log = Log::default();
    let in_a_join = flow! {
        flow -> u32 streams Asked<Review>;
        with Log;
        start -> both;
        when Work -> ((draft -> ask Review -> decided) else instead, beside) -> note_both;
        when Work -> end_soon -> end
    };
    let mut execution = in_a_join.with(log.clone()).spawn(());
    let _asked = execution.items().try_next().await.unwrap().unwrap();
    assert_eq!(execution.output().await.unwrap(), 7);
    assert_eq!(log.lines(), ["instead", "2 5"]);
}

#[tokio::test(start_paused = true)]
async fn an_each_that_skips_leaves_out_what_is_given_up() {
    let log = Log::default();
    let flow = flow! {
        flow -> u32 streams Asked<Review>;
        with Log;
        start -> both;
        when Work -> drafts -> each (ask Review else skip -> decided)[2] -> note;
        when Work -> end_soon -> end
    };
    let mut execution = flow.with(log.clone()).spawn(());
    let _asked: Vec<_> = execution.items().take(2).collect().await;
    assert_eq!(execution.output().await.unwrap(), 7);
    assert_eq!(log.lines(), ["[]"]);
}

#[tokio::test(start_paused = true)]
async fn beside_others_a_question_without_an_else_gives_its_whole_clause_up() {
    let log = Log::default();
    let flow = flow! {
        flow -> u32 streams Asked<Review>;
        with Log;
        start -> both;
        when Work -> drafts -> each (ask Review -> decided)[2] -> note;
        when Work -> (draft -> ask Review -> decided, beside) -> note_both;
        when Work -> end_soon -> end
    };
    let mut execution = flow.with(log.clone()).spawn(());
    let _asked: Vec<_> = execution.items().take(3).collect().await;
    assert_eq!(execution.output().await.unwrap(), 7);
    assert_eq!(log.lines(), [""; 0]);
}

#[handler]
async fn items(_work: Work) -> ItemsOf<BoxStream<'static, u32>> {
    ItemsOf(stream::once(sleep(SECOND)).map(|()| 9).boxed())
}

#[handler]
async fn take(item: u32, log: Res<Log>) {
    log.add(format!("took {item}"));
}

#[handler]
async fn note_one((asked, _taken): (u32, Vec<()>), log: Res<Log>) {
    log.add(format!("{asked}"));
}

#[tokio::test(start_paused = true)]
async fn a_question_that_nothing_can_answer_waits_for_a_stream_as_for_a_handler() {
    let in_one_clause = flow! {
        flow streams Asked<Review>;
        with Log;
        start -> both;
        when Work -> ((draft -> ask Review -> decided) else instead, items -> each take) -> note_one
    };
    let log = Log::default();
    in_one_clause.with(log.clone()).run(()).await.unwrap();
    assert_eq!(log.lines(), ["took 9", "instead", "2"]);

    let in_two_clauses = flow! {
        flow streams Asked<Review>;
        with Log;
        start -> both;
        when Work -> (draft -> ask Review -> decided) else instead -> ignore;
        when Work -> items -> each take -> ignore
    };
    let log = Log::default();
    in_two_clauses.with(log.clone()).run(()).await.unwrap();
    assert_eq!(log.lines(), ["took 9", "instead"]);

    // One that is not polled, because the limit of the `each` is reached, holds nothing up.
    let behind_a_question = flow! {
        flow streams Asked<Review>;
        with Log;
        start -> both;
        when Work -> items -> each ((ask_for -> ask Review -> decided) else instead)[1] -> note
    };
    let log = Log::default();
    behind_a_question.with(log.clone()).run(()).await.unwrap();
    assert_eq!(log.lines(), ["instead", "[2]"]);
}

#[handler]
async fn ask_for(item: u32) -> Review {
    Review(item)
}

#[handler]
async fn at_once(_work: Work) -> u32 {
    5
}

#[tokio::test]
async fn a_question_that_nothing_can_answer_fails_though_another_one_of_them_leads_to_the_end() {
    // Nothing reads the questions, so that all of them are given up at once.
    let within_a_join = flow! {
        flow -> u32 streams Asked<Review>;
        with Log;
        start -> both;
        when Work -> (draft -> ask Review -> decided) else instead -> end;
        when Work -> (draft -> ask Review -> decided, at_once) -> note_both
    };
    let error = within_a_join
        .with(Log::default())
        .run(())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Unanswered, "{error}");
    assert_eq!(error.take_output::<u32>(), Some(2));

    let at_the_end_of_a_route = flow! {
        flow -> u32 streams Asked<Review>;
        with Log;
        start -> both;
        when Work -> (draft -> ask Review -> decided) else instead -> end;
        when Work -> draft -> ask Review -> decided -> ignore
    };
    let flow = at_the_end_of_a_route.with(Log::default());
    let error = flow.run(()).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Unanswered, "{error}");
    assert_eq!(error.take_output::<u32>(), Some(2));
}

flow! {
    /// Asks, and ends with the answer.
    flow Reviewed(Work) -> u32 streams Asked<Review>;
    with Log;
    start -> draft -> ask Review -> decided -> end;
    rescue -> rescued
}

flow! {
    /// Takes the answer in a clause.
    flow ReviewedByClause(Work) -> u32 streams Asked<Review>;
    with Log;
    start -> draft -> emit;
    ask Review -> decided -> end
}

#[tokio::test(start_paused = true)]
async fn no_rescue_takes_a_stage_that_the_end_gives_up() {
    let log = Log::default();
    let of_all = flow! {
        flow -> u32 streams Asked<Review>;
        with Log;
        start -> both;
        when Work -> Reviewed -> ignore;
        when Work -> ReviewedByClause -> ignore;
        when Work -> end_soon -> end;
        rescue -> rescued
    };
    let mut execution = of_all.with(log.clone()).spawn(());
    let _asked: Vec<_> = execution.items().take(2).collect().await;
    assert_eq!(execution.output().await.unwrap(), 7);
    assert_eq!(log.lines(), [""; 0]);

    let of_it = flow! {
        flow -> u32 streams Asked<Review>;
        with Log;
        start -> both;
        when Work -> Reviewed -> ignore;
        when Work -> end_soon -> end;
        rescue Reviewed -> stage_failed
    };
    let mut execution = of_it.with(log.clone()).spawn(());
    let _asked = execution.items().try_next().await.unwrap().unwrap();
    assert_eq!(execution.output().await.unwrap(), 7);
    assert_eq!(log.lines(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_rescue_takes_a_stage_whose_question_nothing_can_answer() {
    let log = Log::default();
    let flow = flow! {
        flow -> u32 streams Asked<Review>;
        with Log;
        start -> both;
        when Work -> ReviewedByClause -> ignore;
        rescue -> rescued;
        when Work -> beside -> end
    };
    let mut execution = flow.with(log.clone()).stream(());
    drop(execution.next().await.unwrap().unwrap());
    assert_eq!(execution.output().await.unwrap(), 5);
    assert_eq!(log.lines(), ["rescued"]);

    let unanswered = flow! {
        flow -> u32 streams Asked<Review>;
        with Log;
        start -> both;
        when Work -> ReviewedByClause -> end
    };
    let error = unanswered.with(log).run(()).await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Failed);
}
