//! Readers of items: where they go on, and what they are told.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use flow_core::durable::{
    BoxFuture, Commit, ExecutionName, Handle, Keys, Listing, Logged, MemoryStore, Position,
    RequestError, Rows, Store, Unavailable,
};
use futures::{StreamExt, TryStreamExt};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use crate::flows::{Account, Chain, Paid, Talk, World, account, host, options};

async fn paid(account: &Handle<Account>, numbers: std::ops::RangeInclusive<u32>) {
    for n in numbers {
        account.send(&n.to_string(), Paid(n)).await.unwrap();
    }
}

fn item(entry: Logged<String>) -> (Position, String) {
    match entry {
        Logged::Item { position, item } => (position, item),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_reader_goes_on_after_a_position_and_waits_for_more() {
    let accounts = host(&MemoryStore::new()).register(account(&World::default()));
    let account = accounts.start("a", 0).await.unwrap();
    paid(&account, 1..=2).await;
    let mut items = account.items(None).map_ok(item);
    let (first, text) = items.try_next().await.unwrap().unwrap();
    assert_eq!(text, "total 1");
    let (_, text) = items.try_next().await.unwrap().unwrap();
    assert_eq!(text, "total 3");
    assert!(futures::poll!(items.next()).is_pending());

    let stored: Position = first.to_string().parse().unwrap();
    let again = account.items(Some(stored)).map_ok(item);
    paid(&account, 3..=4).await;
    let again: Vec<_> = again.map_ok(|(_, text)| text).try_collect().await.unwrap();
    assert_eq!(again, ["total 3", "total 6", "total 10"]);
    let rest: Vec<_> = items.map_ok(|(_, text)| text).try_collect().await.unwrap();
    assert_eq!(rest, ["total 6", "total 10"]);
}

#[tokio::test(start_paused = true)]
async fn a_hundred_items_come_in_their_order() {
    let accounts = host(&MemoryStore::new()).register(account(&World::default()));
    let account = accounts.start("a", 0).await.unwrap();
    let sender = account.clone();
    let sends = tokio::spawn(async move {
        for n in 0..150 {
            sender.send(&n.to_string(), Paid(0)).await.unwrap();
        }
        sender.send("last", Paid(10)).await.unwrap();
    });
    let items: Vec<_> = account
        .items(None)
        .map_ok(item)
        .try_collect()
        .await
        .unwrap();
    sends.await.unwrap();
    assert_eq!(items.len(), 151);
    let (middle, _) = &items[75];
    let rest: Vec<_> = account
        .items(Some(middle.clone()))
        .try_collect()
        .await
        .unwrap();
    assert_eq!(rest.len(), 75);
}

#[tokio::test(start_paused = true)]
async fn what_is_no_position_is_told_and_one_beyond_the_end_is_restarted() {
    let chain = host(&MemoryStore::new()).register(Chain::new().with(World::default()));
    let execution = chain.start("a", 1).await.unwrap();
    execution.output().await.unwrap();
    let read = |position: &str| execution.items(Some(Position::new(position)));
    let error = read("x").next().await.unwrap().unwrap_err();
    assert!(matches!(error, RequestError::NoPosition(_)), "{error}");
    let beyond: Vec<_> = read("7").try_collect().await.unwrap();
    assert_eq!(beyond, [Logged::Restarted { call: None }]);
    let end: Vec<_> = read("1").try_collect().await.unwrap();
    assert_eq!(end, []);
}

#[tokio::test(start_paused = true)]
async fn a_reader_from_beyond_the_end_gets_all_that_comes() {
    let accounts = host(&MemoryStore::new()).register(account(&World::default()));
    let account = accounts.start("a", 0).await.unwrap();
    paid(&account, 1..=2).await;
    let mut items = account.items(Some(Position::new("7")));
    let first = items.try_next().await.unwrap().unwrap();
    assert_eq!(first, Logged::Restarted { call: None });
    paid(&account, 3..=4).await;
    let rest: Vec<_> = items
        .map_ok(|entry| item(entry).1)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(rest, ["total 6", "total 10"]);
}

#[tokio::test(start_paused = true)]
async fn readers_learn_that_a_call_is_made_again() {
    let store = MemoryStore::new();
    let world = World::default();
    let talks = host(&store).register(Talk::new().with(world.clone()));
    let execution = talks.start("a", 1).await.unwrap();
    let mut items = execution.items(None).map_ok(item);
    for expected in ["1", "one of 1"] {
        let (_, text) = items.try_next().await.unwrap().unwrap();
        assert_eq!(text, expected);
    }
    assert_eq!(world.counted()["talk"], 1);
    drop((items, execution, talks));

    let talks = host(&store.reopen()).register(Talk::new().with(world.clone()));
    world.open();
    let items: Vec<_> = talks.get("a").items(None).try_collect().await.unwrap();
    let texts: Vec<_> = items
        .iter()
        .map(|entry| match entry {
            Logged::Item { item, .. } => item,
            Logged::Restarted { call } => call.as_deref().unwrap(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        texts,
        ["1", "one of 1", "talk", "one of 1", "two of 1", "2"]
    );
    assert_eq!(world.counted()["talk"], 2);
}

/// A store in which the first answer without an item takes until it is let through.
#[derive(Clone)]
struct Late {
    store: MemoryStore,
    is_held: Arc<AtomicBool>,
    let_through: Arc<Notify>,
}

impl Store for Late {
    fn load<'a>(
        &'a self,
        name: &'a ExecutionName,
        logs: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Rows, Unavailable>> {
        self.store.load(name, logs)
    }

    fn read<'a>(
        &'a self,
        name: &'a ExecutionName,
        keys: Keys<'a>,
    ) -> BoxFuture<'a, Result<Rows, Unavailable>> {
        Box::pin(async move {
            let rows = self.store.read(name, keys).await?;
            let is_end = keys.prefix.starts_with("item") && rows.is_empty();
            if is_end && !self.is_held.swap(true, Ordering::SeqCst) {
                self.let_through.notified().await;
            }
            Ok(rows)
        })
    }

    fn commit(
        &self,
        name: &ExecutionName,
        commit: Commit,
    ) -> BoxFuture<'static, Result<(), Unavailable>> {
        self.store.commit(name, commit)
    }

    fn list<'a>(&'a self, listing: Listing<'a>) -> BoxFuture<'a, Result<Vec<String>, Unavailable>> {
        self.store.list(listing)
    }
}

#[tokio::test(start_paused = true)]
async fn what_comes_while_a_reader_looks_for_more_is_not_missed() {
    let store = Late {
        store: MemoryStore::new(),
        is_held: Arc::default(),
        let_through: Arc::default(),
    };
    let world = World::default();
    let talks = options()
        .open(store.clone())
        .register(Talk::new().with(world.clone()));
    let execution = talks.start("a", 1).await.unwrap();
    let items = execution.items(None).map_ok(|entry| item(entry).1);
    let items = tokio::spawn(items.try_collect::<Vec<_>>());
    sleep(Duration::from_secs(1)).await;
    assert!(store.is_held.load(Ordering::SeqCst));
    world.open();
    execution.output().await.unwrap();
    sleep(Duration::from_secs(60)).await;
    store.let_through.notify_one();
    let items = timeout(Duration::from_secs(3600), items).await;
    let items = items.expect("a change was missed").unwrap().unwrap();
    assert_eq!(items, ["1", "one of 1", "two of 1", "2"]);
}
