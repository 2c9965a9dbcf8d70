//! Questions of flows that are stages: they go out through one stream, and have one numbering.

use std::collections::HashSet;

use flow_core::{
    AnswerError, Answered, Asked, Cx, Event, FlowErrorKind, QuestionId, Spawned, flow, handler,
};
use futures::{FutureExt, StreamExt};
use tokio::time::{Duration, sleep};

#[derive(Debug)]
enum Out {
    Text(String),
    Confirm(Asked<Confirm>),
    Amount(Asked<Amount>),
}

impl From<String> for Out {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Asked<Confirm>> for Out {
    fn from(asked: Asked<Confirm>) -> Self {
        Self::Confirm(asked)
    }
}

impl From<Asked<Amount>> for Out {
    fn from(asked: Asked<Amount>) -> Self {
        Self::Amount(asked)
    }
}

#[derive(Clone, Debug, Event)]
#[event(answer = bool)]
struct Confirm(&'static str);

#[derive(Clone, Debug, Event)]
#[event(answer = u32)]
struct Amount;

#[handler(emits = Confirm)]
async fn ask_to_confirm(action: &'static str, cx: &Cx) {
    cx.emit(Confirm(action));
}

#[handler]
async fn confirmed(answered: Answered<Confirm>) -> String {
    let Confirm(action) = answered.question;
    format!("{action}: {}", answered.answer)
}

#[handler]
async fn unconfirmed(Confirm(action): Confirm) -> String {
    format!("{action}: no answer")
}

flow! {
    /// Asks before it acts.
    flow Confirmed(&'static str) -> String streams Out;
    start -> ask_to_confirm;
    ask Confirm -> confirmed -> end else -> unconfirmed -> end
}

flow! {
    /// The same, a level deeper.
    flow Nested(&'static str) -> String streams Out;
    start -> Confirmed -> end
}

#[handler]
async fn paid(answered: Answered<Amount>, cx: &Cx) {
    cx.put(format!("paid: {}", answered.answer)).await;
}

#[handler]
async fn show(texts: Vec<String>, cx: &Cx) {
    for text in texts {
        cx.put(text).await;
    }
}

#[handler]
async fn show_both((one, other): (String, String), cx: &Cx) {
    cx.put(one).await;
    cx.put(other).await;
}

#[handler]
async fn show_one(text: String, cx: &Cx) {
    cx.put(text).await;
}

async fn next<F: flow_core::FlowTypes<Item = Out>>(execution: &mut Spawned<F>) -> Out {
    execution.items().next().await.unwrap().unwrap()
}

async fn confirm<F: flow_core::FlowTypes<Item = Out>>(
    execution: &mut Spawned<F>,
) -> Asked<Confirm> {
    match next(execution).await {
        Out::Confirm(asked) => asked,
        other => panic!("expected a question: {other:?}"),
    }
}

async fn text<F: flow_core::FlowTypes<Item = Out>>(execution: &mut Spawned<F>) -> String {
    match next(execution).await {
        Out::Text(text) => text,
        other => panic!("expected text: {other:?}"),
    }
}

#[tokio::test]
async fn an_answer_by_number_reaches_the_question_of_that_number_in_an_each() {
    let flow = flow! {
        streams Out;
        start(Vec<&'static str>) -> each Confirmed -> show
    };
    let mut execution = flow.spawn(vec!["feed the cat", "launch the rocket", "water the plant"]);
    let mut asked = Vec::new();
    for _ in 0..3 {
        let question = confirm(&mut execution).await;
        // The number alone is kept.
        asked.push((question.question.0, question.id.to_string()));
    }
    let numbers: HashSet<_> = asked.iter().map(|(_, number)| number.clone()).collect();
    assert_eq!(numbers.len(), 3, "{asked:?}");
    for (action, number) in asked.iter().rev() {
        let id: QuestionId<Confirm> = number.parse().unwrap();
        execution
            .answer(id, *action != "launch the rocket")
            .unwrap();
    }
    for expected in [
        "feed the cat: true",
        "launch the rocket: false",
        "water the plant: true",
    ] {
        assert_eq!(text(&mut execution).await, expected);
    }
    execution.output().await.unwrap();
}

#[tokio::test]
async fn the_branches_of_a_join_and_deeper_stages_are_numbered_with_the_outer_flow() {
    let flow = flow! {
        streams Out;
        start(&'static str) -> begin;
        when Begun -> open -> (Nested, Confirmed) -> show_both;
        ask Amount -> paid
    };
    let mut execution = flow.spawn("go");
    let sender = execution.sender();
    let (mut amount, mut confirms) = (None, Vec::new());
    for _ in 0..3 {
        match next(&mut execution).await {
            Out::Amount(asked) => amount = Some(asked.id),
            Out::Confirm(asked) => confirms.push(asked.id),
            Out::Text(text) => panic!("{text}"),
        }
    }
    let mut numbers: Vec<_> = confirms.iter().map(ToString::to_string).collect();
    numbers.push(amount.unwrap().to_string());
    numbers.sort();
    assert_eq!(numbers, ["0", "1", "2"]);

    // A number of another type of question is rejected, at any depth.
    let wrong: QuestionId<Amount> = confirms[0].to_string().parse().unwrap();
    assert_eq!(execution.answer(wrong, 1), Err(AnswerError::NotAsked(1)));
    sender.answer(confirms[0], true).unwrap();
    execution.answer(confirms[1], false).unwrap();
    assert_eq!(
        sender.answer(confirms[0], false),
        Err(AnswerError::NotAsked(false))
    );
    assert_eq!(text(&mut execution).await, "go: true");
    assert_eq!(text(&mut execution).await, "go: false");
    sender.answer(amount.unwrap(), 7).unwrap();
    assert_eq!(text(&mut execution).await, "paid: 7");
}

#[derive(Event)]
struct Begun(&'static str);

#[handler(emits = [Begun, Amount])]
async fn begin(action: &'static str, cx: &Cx) {
    cx.emit(Amount);
    cx.emit(Begun(action));
}

#[handler(on = Begun)]
async fn open(Begun(action): Begun) -> &'static str {
    action
}

#[tokio::test]
async fn a_question_of_a_stage_stays_open_while_a_handle_or_a_sender_can_answer_it() {
    let flow = flow! { streams Out; start(&'static str) -> Nested -> show_one };
    let mut execution = flow.spawn("go");
    let (number, sender) = (confirm(&mut execution).await.id, execution.sender());
    let items = execution.take_items();
    let mut items = items.map(Result::unwrap);
    let output = tokio::spawn(execution.output());
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    assert!(items.next().now_or_never().is_none());
    let copy = sender.clone();
    drop(sender);
    copy.answer(number, true).unwrap();
    let Some(Out::Text(text)) = items.next().await else {
        panic!("expected text");
    };
    assert_eq!(text, "go: true");
    drop(copy);
    output.await.unwrap().unwrap();

    // Once nothing can answer it, it is given up.
    let mut execution = flow.spawn("go");
    drop(confirm(&mut execution).await);
    let mut items = execution.take_items();
    let sender = execution.sender();
    let output = tokio::spawn(execution.output());
    tokio::task::yield_now().await;
    assert!(items.next().now_or_never().is_none());
    drop(sender);
    let Some(Ok(Out::Text(text))) = items.next().await else {
        panic!("expected text");
    };
    assert_eq!(text, "go: no answer");
    output.await.unwrap().unwrap();
}

#[tokio::test]
async fn without_a_handle_a_question_of_a_stage_is_open_as_long_as_its_asked() {
    let flow = flow! { streams Out; start(&'static str) -> Nested -> show_one };
    let mut items = flow.stream("go");
    drop(items.next().await);
    let Some(Ok(Out::Text(text))) = items.next().await else {
        panic!("expected text");
    };
    assert_eq!(text, "go: no answer");
}

#[tokio::test]
async fn an_outer_flow_does_not_wait_for_its_handle_after_its_stages() {
    let flow = flow! { streams Out; start(&'static str) -> Confirmed -> show_one };
    let mut execution = flow.spawn("go");
    let number = confirm(&mut execution).await.id;
    execution.answer(number, true).unwrap();
    assert_eq!(text(&mut execution).await, "go: true");
    assert!(execution.items().next().await.is_none());
}

#[handler(emits = Confirm)]
async fn ask_and_end(action: &'static str, cx: &Cx) -> String {
    cx.emit(Confirm(action));
    sleep(Duration::from_secs(1)).await;
    "given up".to_owned()
}

#[handler]
async fn dropped(_answered: Answered<Confirm>) {}

flow! {
    /// Does not wait for its answer.
    flow Impatient(&'static str) -> String streams Out;
    start -> ask_and_end -> end;
    ask Confirm -> dropped
}

#[handler]
async fn wait_for_ever(_text: String) {
    std::future::pending::<()>().await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_to_a_question_whose_stage_has_ended_is_told_so() {
    let flow = flow! { streams Out; start(&'static str) -> Impatient -> wait_for_ever };
    let mut execution = flow.spawn("go");
    let asked = confirm(&mut execution).await;
    asked.closed().await;
    assert_eq!(
        execution.answer(asked.id, true),
        Err(AnswerError::Ended(true))
    );
    assert_eq!(asked.answer(true), Err(AnswerError::Ended(true)));
    assert_eq!(
        execution.answer::<Confirm>("1".parse().unwrap(), true),
        Err(AnswerError::NotAsked(true))
    );
    execution.cancel();
    let error = execution.output().await.unwrap_err();
    assert_eq!(error.kind(), FlowErrorKind::Cancelled);
}

#[handler]
async fn fail_on_the_first(text: &'static str) -> flow_core::Result<&'static str> {
    if text == "bad" {
        // The other branch has asked by then.
        tokio::task::yield_now().await;
        tokio::task::yield_now().await;
        return Err("bad".into());
    }
    Ok(text)
}

#[handler]
async fn recover(_failed: flow_core::Failed) -> (&'static str, String) {
    std::future::pending().await
}

#[tokio::test]
async fn a_stage_that_is_dropped_with_its_branch_has_ended_too() {
    let flow = flow! {
        streams Out;
        start(&'static str) -> ((fail_on_the_first, Confirmed)) else recover -> ignore
    };
    let mut execution = flow.spawn("bad");
    let number = confirm(&mut execution).await.id;
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    assert_eq!(
        execution.answer(number, true),
        Err(AnswerError::Ended(true))
    );
}
