//! What may be asked of an execution, and what comes of asking it again.

use std::time::Duration;

use flow_core::durable::{Encoded, HostOptions, Logged, MemoryStore, RequestError, Status};
use flow_core::{FlowErrorKind, QuestionId};
use futures::{StreamExt, TryStreamExt};
use serde_json::json;
use tokio::time::sleep;

use crate::flows::{
    Chain, Order, Paid, Review, Tickets, Tidies, Update, World, account, gate, host, order,
};

#[tokio::test(start_paused = true)]
async fn an_execution_is_started_and_gives_items_and_an_output() {
    let world = World::default();
    let chain = host(&MemoryStore::new()).register(Chain::new().with(world.clone()));
    let execution = chain.start("a", 3).await.unwrap();
    assert_eq!(execution.output().await.unwrap(), 12);
    let items: Vec<_> = execution.items(None).try_collect().await.unwrap();
    let items: Vec<_> = items.iter().map(item).collect();
    assert_eq!(items, ["6", "12"]);
    assert_eq!(world.effects(), ["double 3", "say 6", "double 6", "say 12"]);
    assert!(matches!(execution.status().await, Ok(Status::Done(12))));
}

fn item<T>(entry: &Logged<T>) -> &T {
    match entry {
        Logged::Item { item, .. } => item,
        _ => panic!("an item is expected"),
    }
}

#[tokio::test(start_paused = true)]
async fn the_same_start_is_the_same_execution_and_another_input_an_error() {
    let world = World::default();
    let gated = host(&MemoryStore::new()).register(gate(&world));
    gated.start("a", 1).await.unwrap();
    gated.start("a", 1).await.unwrap();
    let error = gated.start("a", 2).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the execution `a` was started with `1`, not with `2`: choose another id"
    );
    let by_id = gated.by_id();
    by_id.start("a", Encoded::from(json!(1))).await.unwrap();
    world.open();
    assert_eq!(gated.get("a").output().await.unwrap(), 2);
    gated.start("a", 1).await.unwrap();
    let error = gated.start("a", 3).await.unwrap_err();
    assert!(matches!(error, RequestError::OtherInput { .. }), "{error}");
    assert_eq!(world.effects(), ["say 1", "begin 1", "end 1", "double 1"]);
}

/// A client that knows the names of the fields sends what it likes to, in the order it likes to.
#[tokio::test(start_paused = true)]
async fn the_same_start_may_be_written_in_another_way() {
    let store = MemoryStore::new();
    let tickets = host(&store).register(Tickets::new());
    let by_id = tickets.by_id();
    let inputs = [
        json!({ "of": 7 }),
        json!({ "of": 7 }),
        json!({ "urgent": false, "of": 7, "unknown": null }),
    ];
    for input in inputs.clone() {
        by_id.start("a", input.into()).await.unwrap();
    }
    let other = json!({ "of": 7, "urgent": true });
    let error = by_id.start("a", other.clone().into()).await.unwrap_err();
    assert!(matches!(error, RequestError::OtherInput { .. }), "{error}");
    assert_eq!(tickets.get("a").output().await.unwrap(), 7);
    // Also when it is over, and in the next process.
    drop(tickets);
    let tickets = host(&store.reopen()).register(Tickets::new());
    let by_id = tickets.by_id();
    for input in inputs {
        by_id.start("a", input.into()).await.unwrap();
    }
    let error = by_id.start("a", other.into()).await.unwrap_err();
    assert!(matches!(error, RequestError::OtherInput { .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn two_starts_at_once_are_one_execution() {
    let world = World::default();
    let chain = host(&MemoryStore::new()).register(Chain::new().with(world.clone()));
    let (one, same, other) = tokio::join!(
        chain.start("a", 1),
        chain.start("a", 1),
        chain.start("a", 2)
    );
    assert!(one.is_ok() && same.is_ok());
    assert!(matches!(other, Err(RequestError::OtherInput { .. })));
    assert_eq!(chain.get("a").output().await.unwrap(), 4);
    assert_eq!(world.counted()["double 1"], 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_no_input_is_told() {
    let chain = host(&MemoryStore::new()).register(Chain::new().with(World::default()));
    let error = chain
        .by_id()
        .start("a", json!("seven").into())
        .await
        .unwrap_err();
    assert!(matches!(error, RequestError::NotStarted(_)), "{error}");
    let status = chain.get("a").status().await;
    assert!(matches!(status, Err(RequestError::NotFound { .. })));
}

#[tokio::test(start_paused = true)]
async fn an_id_without_an_execution_is_told() {
    let orders = host(&MemoryStore::new()).register(order(&World::default()));
    let nothing = orders.get("nothing");
    let not_found = |error: RequestError| {
        assert_eq!(
            error.to_string(),
            "there is no execution `nothing`: start it first"
        );
    };
    not_found(nothing.output().await.unwrap_err());
    not_found(nothing.status().await.unwrap_err());
    not_found(nothing.cancel().await.unwrap_err());
    not_found(nothing.answer(question(0), &true).await.unwrap_err());
    not_found(nothing.items(None).next().await.unwrap().unwrap_err());
}

fn question(number: u64) -> QuestionId<Review> {
    number.to_string().parse().unwrap()
}

/// Waits for the question of an order.
async fn asked(order: &flow_core::durable::Handle<Order>) -> QuestionId<Review> {
    let mut items = order.items(None);
    while let Some(entry) = items.try_next().await.unwrap() {
        if let Logged::Item {
            item: Update::Asked { number, .. },
            ..
        } = entry
        {
            return question(number);
        }
    }
    panic!("it was not asked");
}

#[tokio::test(start_paused = true)]
async fn a_question_is_answered_once_and_the_same_answer_again_is_fine() {
    let world = World::default();
    let orders = host(&MemoryStore::new()).register(order(&world));
    let order = orders.start("a", 21).await.unwrap();
    let review = asked(&order).await;
    order.answer(review, &true).await.unwrap();
    order.answer(review, &true).await.unwrap();
    let by_id = orders.by_id();
    by_id.answer("a", 0, json!(true).into()).await.unwrap();
    let other = order.answer(review, &false).await.unwrap_err();
    assert_eq!(
        other.to_string(),
        "the question 0 was answered with `true`, not with `false`: the first answer counts"
    );
    assert_eq!(order.output().await.unwrap(), 43);
    order.answer(review, &true).await.unwrap();
    let other = order.answer(review, &false).await.unwrap_err();
    assert!(matches!(other, RequestError::OtherAnswer { .. }), "{other}");
    let never = order.answer(question(7), &true).await.unwrap_err();
    assert!(matches!(never, RequestError::Refused(_)), "{never}");
    assert_eq!(world.counted()["decide true"], 1);
}

#[tokio::test(start_paused = true)]
async fn questions_that_wait_are_listed() {
    let before = std::time::SystemTime::now();
    let host = HostOptions::new()
        .time_of_runtime(before)
        .open(MemoryStore::new());
    let orders = host.register(order(&World::default()));
    let order = orders.start("a", 21).await.unwrap();
    let review = asked(&order).await;
    let open = orders.by_id().questions("a").await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].number.to_string(), review.to_string());
    assert_eq!(open[0].name, "Review");
    assert_eq!(open[0].question.to_json().unwrap(), json!(42));
    let left = open[0].deadline.unwrap().duration_since(before).unwrap();
    assert_eq!(left.as_secs() / 60, 119, "{left:?}");
    order.answer(review, &true).await.unwrap();
    assert!(orders.by_id().questions("a").await.unwrap().is_empty());
    let nothing = orders.by_id().questions("nothing").await;
    assert!(matches!(nothing, Err(RequestError::NotFound { .. })));
}

#[tokio::test(start_paused = true)]
async fn what_is_no_answer_is_told() {
    let orders = host(&MemoryStore::new()).register(order(&World::default()));
    let order = orders.start("a", 21).await.unwrap();
    let review = asked(&order).await;
    let by_id = orders.by_id();
    let error = by_id.answer("a", 0, json!("yes").into()).await.unwrap_err();
    assert!(
        error.to_string().starts_with("the value cannot be read"),
        "{error}"
    );
    let error = order.answer(question(7), &true).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the execution does not ask this question"
    );
    order.answer(review, &false).await.unwrap();
    assert_eq!(order.output().await.unwrap(), 0);
}

#[tokio::test(start_paused = true)]
async fn events_with_one_key_are_one_event() {
    let world = World::default();
    let accounts = host(&MemoryStore::new()).register(account(&world));
    let account = accounts.start("a", 0).await.unwrap();
    account.send("1", Paid(4)).await.unwrap();
    account.send("1", Paid(4)).await.unwrap();
    let by_id = accounts.by_id();
    by_id.send("a", "Paid", json!(5).into(), "2").await.unwrap();
    let unknown = by_id.send("a", "Spent", json!(5).into(), "3").await;
    assert_eq!(
        unknown.unwrap_err().to_string(),
        "the flow takes no such event from outside"
    );
    account.send("3", Paid(1)).await.unwrap();
    assert_eq!(account.output().await.unwrap(), 10);
    account.send("3", Paid(1)).await.unwrap();
    let late = account.send("4", Paid(1)).await.unwrap_err();
    assert_eq!(late.to_string(), "the end of the execution is decided");
    assert_eq!(world.effects(), ["open 0", "paid 4", "paid 5", "paid 1"]);
}

#[tokio::test(start_paused = true)]
async fn an_execution_is_cancelled_once() {
    let world = World::default();
    let gated = host(&MemoryStore::new()).register(gate(&world));
    let execution = gated.start("a", 1).await.unwrap();
    execution.cancel().await.unwrap();
    execution.cancel().await.unwrap();
    let error = execution.output().await.unwrap_err();
    let RequestError::Failed(error) = error else {
        panic!("{error}");
    };
    assert_eq!(error.kind(), FlowErrorKind::Cancelled);
    execution.cancel().await.unwrap();
    let chain = host(&MemoryStore::new()).register(Chain::new().with(world));
    let execution = chain.start("a", 1).await.unwrap();
    execution.output().await.unwrap();
    let late = execution.cancel().await.unwrap_err();
    assert_eq!(late.to_string(), "the end of the execution is decided");
}

#[tokio::test(start_paused = true)]
async fn a_request_to_cancel_that_is_repeated_does_not_cut_the_finally_short() {
    let world = World::default();
    let mut store = MemoryStore::new();
    let tidies = host(&store).register(Tidies::new().with(world.clone()));
    let execution = tidies.start("a", 1).await.unwrap();
    sleep(Duration::from_secs(1)).await;
    execution.cancel().await.unwrap();
    execution.cancel().await.unwrap();
    sleep(Duration::from_secs(1)).await;
    assert_eq!(world.effects(), ["begin 1", "tidy"]);
    store = store.reopen();
    drop((tidies, execution));

    let tidies = host(&store).register(Tidies::new().with(world.clone()));
    let execution = tidies.get("a");
    execution.cancel().await.unwrap();
    sleep(Duration::from_secs(1)).await;
    world.open();
    let error = execution.output().await.unwrap_err();
    assert!(matches!(error, RequestError::Failed(_)), "{error}");
    assert_eq!(world.effects(), ["begin 1", "tidy", "tidy", "tidied"]);
}

#[tokio::test(start_paused = true)]
async fn executions_are_listed_and_purged() {
    let world = World::default();
    let gated = host(&MemoryStore::new()).register(gate(&world));
    for id in ["a", "b", "c"] {
        gated.start(id, 1).await.unwrap();
    }
    let by_id = gated.by_id();
    by_id.cancel("a").await.unwrap();
    let purge = by_id.purge().unwrap();
    assert!(matches!(
        by_id.output("a").await,
        Err(RequestError::Failed(_))
    ));
    let unfinished = purge.purge("b").await.unwrap_err();
    assert_eq!(
        unfinished.to_string(),
        "the execution `b` is not over: wait for its end, or cancel it"
    );
    let list = by_id.list().unwrap();
    let listed = list.list(None, 2).await.unwrap();
    assert_eq!(
        listed.iter().map(|listed| &*listed.id).collect::<Vec<_>>(),
        ["a", "b"]
    );
    assert!(matches!(listed[0].status, Status::Failed(_)));
    assert!(matches!(listed[1].status, Status::Unfinished));
    assert_eq!(list.list(Some("b"), 9).await.unwrap().len(), 1);

    purge.purge("a").await.unwrap();
    purge.purge("a").await.unwrap();
    assert!(matches!(by_id.status("a").await, Ok(Status::Purged)));
    let start = gated.start("a", 1).await.unwrap_err();
    assert_eq!(
        start.to_string(),
        "what was kept of the execution `a` was removed"
    );
    assert!(matches!(
        by_id.output("a").await,
        Err(RequestError::Purged { .. })
    ));
    let items = by_id.items("a", None).next().await;
    assert!(matches!(items, Some(Err(RequestError::Purged { .. }))));
}

#[tokio::test(start_paused = true)]
async fn a_handle_keeps_the_host_and_nothing_does_after_the_last_one() {
    let world = World::default();
    let host = host(&MemoryStore::new());
    let gated = host.register(gate(&world));
    let execution = gated.start("a", 1).await.unwrap();
    let by_id = std::sync::Arc::downgrade(gated.by_id());
    drop((host, gated));
    world.open();
    assert_eq!(execution.output().await.unwrap(), 2);
    drop(execution);
    assert!(by_id.upgrade().is_none());
}
