//! An execution is purged, and forgotten, by its store while somebody asks for it.

use std::sync::{Arc, Mutex};

use flow_core::durable::{
    BoxFuture, Change, Commit, Encoded, ExecutionName, ExecutionsById, Keys, Listing, MemoryStore,
    RequestError, Rows, Store, Unavailable,
};
use futures::TryStreamExt;

use crate::flows::{World, account, options};

/// Purges and forgets the execution before its reads with these numbers, if there are any.
#[derive(Clone)]
struct Vanishing {
    store: MemoryStore,
    name: Arc<Mutex<Option<ExecutionName>>>,
    at: Arc<Mutex<Vec<(u32, Commit)>>>,
}

impl Vanishing {
    async fn count(&self) -> Result<(), Unavailable> {
        let due: Vec<Commit> = {
            let mut at = self.at.lock().unwrap();
            let due = at.extract_if(.., |(reads, _)| *reads == 0);
            let due = due.map(|(_, commit)| commit).collect();
            for (reads, _) in at.iter_mut() {
                *reads -= 1;
            }
            due
        };
        let name = self.name.lock().unwrap().clone();
        for commit in due {
            let name = name.as_ref().expect("the execution was started");
            self.store.commit(name, commit).await?;
        }
        Ok(())
    }
}

impl Store for Vanishing {
    fn load<'a>(
        &'a self,
        name: &'a ExecutionName,
        logs: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Rows, Unavailable>> {
        Box::pin(async move {
            self.count().await?;
            self.store.load(name, logs).await
        })
    }

    fn read<'a>(
        &'a self,
        name: &'a ExecutionName,
        keys: Keys<'a>,
    ) -> BoxFuture<'a, Result<Rows, Unavailable>> {
        Box::pin(async move {
            self.count().await?;
            self.store.read(name, keys).await
        })
    }

    fn commit(
        &self,
        name: &ExecutionName,
        commit: Commit,
    ) -> BoxFuture<'static, Result<(), Unavailable>> {
        self.name
            .lock()
            .unwrap()
            .get_or_insert_with(|| name.clone());
        self.store.commit(name, commit)
    }

    fn list<'a>(&'a self, listing: Listing<'a>) -> BoxFuture<'a, Result<Vec<String>, Unavailable>> {
        Box::pin(async move {
            self.count().await?;
            self.store.list(listing).await
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Asked {
    Start,
    StartOtherwise,
    Status,
    Output,
    Items,
    Questions,
    SendAgain,
    SendMore,
    Answer,
    Cancel,
    Purge,
    List,
    History,
}

const ALL: [Asked; 13] = [
    Asked::Start,
    Asked::StartOtherwise,
    Asked::Status,
    Asked::Output,
    Asked::Items,
    Asked::Questions,
    Asked::SendAgain,
    Asked::SendMore,
    Asked::Answer,
    Asked::Cancel,
    Asked::Purge,
    Asked::List,
    Asked::History,
];

async fn ask(accounts: &dyn ExecutionsById, asked: Asked) -> Result<String, RequestError> {
    let encoded = |n: u32| Encoded::of(&n).unwrap();
    let send = |n, key| accounts.send("a", "Paid", encoded(n), key);
    Ok(match asked {
        Asked::Start => accounts
            .start("a", encoded(0))
            .await
            .map(|()| "started")?
            .to_owned(),
        Asked::StartOtherwise => accounts
            .start("a", encoded(1))
            .await
            .map(|()| "started")?
            .to_owned(),
        Asked::Status => format!("{:?}", accounts.status("a").await?),
        Asked::Output => format!("{:?}", accounts.output("a").await?),
        Asked::Items => format!(
            "{:?}",
            accounts.items("a", None).try_collect::<Vec<_>>().await?
        ),
        Asked::Questions => format!("{:?}", accounts.questions("a").await?),
        Asked::SendAgain => send(10, "only").await.map(|()| "sent")?.to_owned(),
        Asked::SendMore => send(10, "other").await.map(|()| "sent")?.to_owned(),
        Asked::Answer => accounts
            .answer("a", 0, encoded(1))
            .await
            .map(|()| "answered")?
            .to_owned(),
        Asked::Cancel => accounts.cancel("a").await.map(|()| "cancelled")?.to_owned(),
        Asked::Purge => accounts
            .purge()
            .unwrap()
            .purge("a")
            .await
            .map(|()| "purged")?
            .to_owned(),
        Asked::List => format!("{:?}", accounts.list().unwrap().list(None, 9).await?),
        Asked::History => {
            let history = accounts.history().unwrap();
            format!("{:?}", history.history("a", None, 99).await?)
        }
    })
}

/// What comes of asking an execution that is over, and is purged and forgotten before the reads
/// with these numbers.
async fn asked(asked: Asked, purged: Option<u32>, forgotten: Option<u32>) -> String {
    let store = Vanishing {
        store: MemoryStore::new(),
        name: Arc::default(),
        at: Arc::default(),
    };
    let host = options().open(store.clone());
    let accounts = host.register(account(&World::default()));
    let over = accounts.start("a", 0).await.unwrap();
    over.send("only", crate::flows::Paid(10)).await.unwrap();
    over.output().await.unwrap();
    // Its task has left.
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let forget = Commit::from(vec![Change::DeleteAll(String::new())]);
    let purged = purged.map(|reads| (reads, Commit::purge()));
    let forgotten = forgotten.map(|reads| (reads, forget));
    *store.at.lock().unwrap() = purged.into_iter().chain(forgotten).collect();
    match ask(&**accounts.by_id(), asked).await {
        Ok(what) => what,
        Err(error) => error.to_string(),
    }
}

#[tokio::test(start_paused = true)]
async fn one_that_vanishes_is_as_before_or_purged_or_not_there() {
    for ask in ALL {
        let lawful = [
            asked(ask, None, None).await,
            asked(ask, Some(0), None).await,
            asked(ask, Some(0), Some(0)).await,
        ];
        for purged in 0..8 {
            for forgotten in (purged..8).map(Some).chain([None]) {
                let came = asked(ask, Some(purged), forgotten).await;
                assert!(
                    lawful.contains(&came),
                    "{ask:?}, purged before read {purged}, forgotten before {forgotten:?}: {came}, \
                     and not one of {lawful:#?}"
                );
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_of_executions_is_full_though_one_vanishes() {
    let store = Vanishing {
        store: MemoryStore::new(),
        name: Arc::default(),
        at: Arc::default(),
    };
    let host = options().open(store.clone());
    let accounts = host.register(account(&World::default()));
    for id in ["a", "b"] {
        let over = accounts.start(id, 0).await.unwrap();
        over.send("only", crate::flows::Paid(10)).await.unwrap();
        over.output().await.unwrap();
    }
    // Their tasks have left.
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let forget = Commit::from(vec![Change::DeleteAll(String::new())]);
    // The page is the first read.
    *store.at.lock().unwrap() = vec![(1, Commit::purge()), (1, forget)];
    let page = accounts
        .by_id()
        .list()
        .unwrap()
        .list(None, 1)
        .await
        .unwrap();
    let ids: Vec<_> = page.iter().map(|listed| listed.id.as_str()).collect();
    assert_eq!(ids, ["b"]);
}
