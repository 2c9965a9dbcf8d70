//! What is there after the journal was opened again.

use std::time::Duration;

use flow_core::durable::{Logged, RequestError, Status};
use flow_journal::Journal;
use futures::{StreamExt, TryStreamExt};

use crate::flows::{Bank, Count, Order};

#[tokio::test]
async fn a_question_waits_for_its_answer_across_restarts() {
    let directory = tempfile::tempdir().unwrap();
    let bank = Bank::default();

    let journal = Journal::open(directory.path()).await.unwrap();
    let orders = journal.register(Order::new().with(bank.clone()));
    let order = orders.start("42", 700).await.unwrap();
    let asked = order.items(None).try_next().await.unwrap().unwrap();
    drop((journal, orders, order));

    for _ in 0..2 {
        let journal = Journal::open(directory.path()).await.unwrap();
        let orders = journal.register(Order::new().with(bank.clone()));
        let questions = orders.by_id().questions("42").await.unwrap();
        assert_eq!(questions.len(), 1);
        assert_eq!(questions[0].name, "Approve");
    }

    let journal = Journal::open(directory.path()).await.unwrap();
    let orders = journal.register(Order::new().with(bank.clone()));
    let order = orders.get("42");
    let Logged::Item { item, .. } = asked else {
        panic!("it asks first");
    };
    order.answer(item.id, &true).await.unwrap();
    assert_eq!(order.output().await.unwrap(), "shipped for 700");
    drop((journal, orders, order));

    let journal = Journal::open(directory.path()).await.unwrap();
    let orders = journal.register(Order::new().with(bank.clone()));
    assert_eq!(orders.get("42").output().await.unwrap(), "shipped for 700");
    assert_eq!(bank.charges(), 1);
}

#[tokio::test]
async fn the_same_start_is_the_same_execution_in_the_next_process() {
    let directory = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let journal = Journal::open(directory.path()).await.unwrap();
        let counts = journal.register(Count::new());
        counts.start("three", 3).await.unwrap();
        let other = counts.start("three", 4).await.unwrap_err();
        assert!(matches!(other, RequestError::OtherInput { .. }), "{other}");
        assert_eq!(counts.get("three").output().await.unwrap(), 3);
    }
}

#[tokio::test]
async fn items_are_read_from_a_position_in_the_next_process() {
    let directory = tempfile::tempdir().unwrap();
    let mut position = None;
    let mut read = Vec::new();
    for begin in [true, false] {
        let journal = Journal::open(directory.path()).await.unwrap();
        let counts = journal.register(Count::new());
        let count = if begin {
            counts.start("many", 1000).await.unwrap()
        } else {
            counts.get("many")
        };
        let items = count.items(position.take());
        let at_most = if begin { 300 } else { usize::MAX };
        let mut items = items.take(at_most);
        while let Some(entry) = items.try_next().await.unwrap() {
            let Logged::Item { position: at, item } = entry else {
                panic!("no call was repeated: {entry:?}");
            };
            position = Some(at);
            read.push(item);
        }
        // All of them, before the journal is dropped in the middle of the call.
        count.output().await.unwrap();
    }
    assert_eq!(read, (0..1000).collect::<Vec<_>>());
}

#[tokio::test]
async fn executions_of_several_flows_are_listed_by_their_ids() {
    let directory = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let journal = Journal::open(directory.path()).await.unwrap();
        let orders = journal.register(Order::new().with(Bank::default()));
        let counts = journal.register(Count::new());
        for id in ["b", "a", "\0", "c"] {
            counts.start(id, 1).await.unwrap();
            counts.get(id).output().await.unwrap();
        }
        orders.start("d", 1).await.unwrap();
        let list = counts.by_id().list().unwrap();
        let listed = list.list(Some("\0"), 2).await.unwrap();
        let ids: Vec<_> = listed.iter().map(|listed| listed.id.as_str()).collect();
        assert_eq!(ids, ["a", "b"]);
        assert!(matches!(listed[0].status, Status::Done(_)));
        let listed = orders.by_id().list().unwrap().list(None, 9).await.unwrap();
        assert_eq!(listed.len(), 1);
        assert!(matches!(listed[0].status, Status::Unfinished));
    }
}

#[tokio::test]
async fn executions_that_are_parked_are_loaded_when_something_comes() {
    let directory = tempfile::tempdir().unwrap();
    let open = Journal::open(directory.path()).park_after(Duration::ZERO);
    let journal = open.await.unwrap();
    let bank = Bank::default();
    let orders = journal.register(Order::new().with(bank.clone()));
    let ids: Vec<_> = (0..100).map(|id| id.to_string()).collect();
    for id in &ids {
        orders.start(id, 700).await.unwrap();
    }
    for id in &ids {
        let order = orders.get(id);
        let asked = order.items(None).try_next().await.unwrap().unwrap();
        let Logged::Item { item, .. } = asked else {
            panic!("it asks first");
        };
        order.answer(item.id, &false).await.unwrap();
        assert_eq!(order.output().await.unwrap(), "refused for 700");
    }
    assert_eq!(bank.charges(), 100);
}
