//! A store in memory, which fails on command.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};
use tokio::task::yield_now;

use crate::durable::store::{ExecutionName, Keys, Listing, Store, Unavailable};
use crate::records::commit::Commit;
use crate::records::rows::Rows;

/// A [`Store`] in memory, for tests and for programs that may lose everything with their process.
///
/// It does what a disk does, and fails like one. Whatever is asked of it takes a moment, in which
/// others run. Each commit is two operations, a write and a sync;
/// what was written is durable with the next sync, of whichever commit. A [`Fault`] strikes at the
/// operation with a certain number, and [`reopen`](Self::reopen) gives what has survived.
///
/// ```
/// use flow_core::durable::{Change, Commit, ExecutionName, Fault, MemoryStore, Store};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let store = MemoryStore::new();
/// store.fail_at(3, Fault::Forget); // the sync of the second commit
/// let id = ExecutionName::new("Order", "42");
/// let put = |key: &str| Commit::from(vec![Change::Put(key.to_owned(), Vec::new())]);
/// assert!(store.commit(&id, put("a")).await.is_ok());
/// assert!(store.commit(&id, put("b")).await.is_err());
///
/// let rows = store.reopen().load(&id, &["log/"]).await.unwrap();
/// assert_eq!(rows.iter().map(|(key, _)| key).collect::<Vec<_>>(), ["a"]);
/// # }
/// ```
#[derive(Clone, Default)]
pub struct MemoryStore {
    disk: Arc<Mutex<Disk>>,
}

/// What goes wrong at an operation of a [`MemoryStore`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// The process dies in the middle of a write: the last one is cut, and is no more when the
    /// store is opened again. What was written before it survives.
    Tear,
    /// The power fails: what was not synced is no more when the store is opened again.
    Forget,
    /// The process dies when everything that was written is durable, before anyone is told.
    Keep,
    /// The process dies before the operation. What was written survives.
    Stop,
    /// The operation returns an error, and the store goes on. A write is not made. A sync is made,
    /// although it reports an error.
    Fail,
}

#[derive(Default)]
struct Disk {
    durable: BTreeMap<ExecutionName, Rows>,
    /// What was written and not synced.
    written: Vec<(ExecutionName, Commit)>,
    /// The executions of which a commit has failed since they were loaded.
    failed: HashSet<ExecutionName>,
    operations: u64,
    fault: Option<(u64, Fault)>,
    has_stopped: bool,
    latency: Duration,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The fault strikes at the operation with this number, counted from 0 since the store was
    /// opened.
    pub fn fail_at(&self, operation: u64, fault: Fault) {
        self.disk().fault = Some((operation, fault));
    }

    /// Each sync takes this long from now on.
    pub fn slow_down(&self, latency: Duration) {
        self.disk().latency = latency;
    }

    /// How many operations were begun since the store was opened.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.disk().operations
    }

    /// The store as it is when it is opened again, without a fault. This one has stopped then, and
    /// nothing reaches the new one through it.
    #[must_use]
    pub fn reopen(&self) -> Self {
        let mut disk = self.disk();
        if !disk.has_stopped {
            disk.die(Fault::Stop);
        }
        let disk = Disk {
            durable: disk.durable.clone(),
            latency: disk.latency,
            ..Disk::default()
        };
        Self {
            disk: Arc::new(Mutex::new(disk)),
        }
    }

    fn disk(&self) -> MutexGuard<'_, Disk> {
        self.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn load<'a>(
        &'a self,
        id: &'a ExecutionName,
        logs: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Rows, Unavailable>> {
        async move {
            yield_now().await;
            self.disk().load(id, logs)
        }
        .boxed()
    }

    fn read<'a>(
        &'a self,
        id: &'a ExecutionName,
        keys: Keys<'a>,
    ) -> BoxFuture<'a, Result<Rows, Unavailable>> {
        async move {
            yield_now().await;
            self.disk().read(id, keys)
        }
        .boxed()
    }

    fn commit(
        &self,
        id: &ExecutionName,
        commit: Commit,
    ) -> BoxFuture<'static, Result<(), Unavailable>> {
        let (written, latency) = {
            let mut disk = self.disk();
            (disk.write(id, commit), disk.latency)
        };
        let (store, id) = (self.clone(), id.clone());
        async move {
            written?;
            if latency.is_zero() {
                // Others write meanwhile.
                yield_now().await;
            } else {
                tokio::time::sleep(latency).await;
            }
            store.disk().sync(&id)
        }
        .boxed()
    }

    fn list<'a>(&'a self, listing: Listing<'a>) -> BoxFuture<'a, Result<Vec<String>, Unavailable>> {
        async move {
            yield_now().await;
            self.disk().list(listing)
        }
        .boxed()
    }
}

impl Disk {
    fn check(&self) -> Result<(), Unavailable> {
        if self.has_stopped {
            return Err(Unavailable::new("the store has stopped"));
        }
        Ok(())
    }

    fn check_commit(&self, id: &ExecutionName) -> Result<(), Unavailable> {
        self.check()?;
        if self.failed.contains(id) {
            return Err(Unavailable::new("a commit of the execution has failed"));
        }
        Ok(())
    }

    fn load(&mut self, id: &ExecutionName, logs: &[&str]) -> Result<Rows, Unavailable> {
        self.check()?;
        if self.written.iter().any(|(written, _)| written == id) {
            self.make_durable();
        }
        self.failed.remove(id);
        let rows = self.durable.get(id);
        Ok(rows.map(|rows| rows.without(logs)).unwrap_or_default())
    }

    fn read(&self, id: &ExecutionName, keys: Keys<'_>) -> Result<Rows, Unavailable> {
        self.check()?;
        let rows = self.durable.get(id);
        let rows = rows.map(|rows| rows.range(keys.prefix, keys.after, keys.at_most, keys.last));
        Ok(rows.unwrap_or_default())
    }

    fn list(&self, listing: Listing<'_>) -> Result<Vec<String>, Unavailable> {
        self.check()?;
        let first = ExecutionName::new(listing.flow, listing.after.unwrap_or_default());
        let ids = self.durable.range(first..);
        let ids = ids.take_while(|(id, _)| id.flow() == listing.flow);
        let ids = ids.filter(|(id, rows)| {
            listing.after.is_none_or(|after| id.id() > after)
                && !rows.is_empty()
                && !(listing.unfinished && rows.is_over())
        });
        let ids = ids.map(|(id, _)| id.id().to_owned());
        Ok(ids.take(listing.at_most).collect())
    }

    /// The first operation of a commit.
    fn write(&mut self, id: &ExecutionName, commit: Commit) -> Result<(), Unavailable> {
        self.check_commit(id)?;
        let fault = self.begin();
        if matches!(fault, None | Some(Fault::Tear | Fault::Keep)) {
            self.written.push((id.clone(), commit));
        }
        self.strike(id, fault)
    }

    /// The second operation.
    fn sync(&mut self, id: &ExecutionName) -> Result<(), Unavailable> {
        self.check_commit(id)?;
        let fault = self.begin();
        if matches!(fault, None | Some(Fault::Fail)) {
            self.make_durable();
        }
        self.strike(id, fault)
    }

    /// Begins an operation, and says what strikes it.
    fn begin(&mut self) -> Option<Fault> {
        let number = self.operations;
        self.operations += 1;
        let (at, fault) = self.fault?;
        (at == number).then_some(fault)
    }

    fn strike(&mut self, id: &ExecutionName, fault: Option<Fault>) -> Result<(), Unavailable> {
        match fault {
            None => Ok(()),
            Some(Fault::Fail) => {
                self.failed.insert(id.clone());
                Err(Unavailable::new("the operation has failed"))
            }
            Some(fault) => {
                self.die(fault);
                self.check()
            }
        }
    }

    /// Stops, and keeps what the fault leaves.
    fn die(&mut self, fault: Fault) {
        match fault {
            Fault::Tear => drop(self.written.pop()),
            Fault::Forget => self.written.clear(),
            Fault::Keep | Fault::Stop | Fault::Fail => {}
        }
        self.make_durable();
        self.has_stopped = true;
    }

    fn make_durable(&mut self) {
        for (id, commit) in self.written.drain(..) {
            self.durable.entry(id).or_default().apply(commit);
        }
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let disk = self.disk();
        f.debug_struct("MemoryStore")
            .field("executions", &disk.durable.len())
            .field("operations", &disk.operations)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use futures_util::future::join;

    use super::{Fault, MemoryStore};
    use crate::durable::store::{ExecutionName, Keys, Listing, Store};
    use crate::records::commit::{Change, Commit};

    fn id(id: &str) -> ExecutionName {
        ExecutionName::new("F", id)
    }

    fn put(key: &str) -> Commit {
        Commit::from(vec![Change::Put(key.to_owned(), Vec::new())])
    }

    async fn keys(store: &MemoryStore, execution: &str) -> Vec<String> {
        let rows = store.load(&id(execution), &["log/"]).await.unwrap();
        rows.iter().map(|(key, _)| key.to_owned()).collect()
    }

    /// Commits `a`, then `b` and `c` at once. Returns which of them were acknowledged, and which
    /// are there when the store is opened again.
    async fn run(at: u64, fault: Fault) -> (String, String) {
        let store = MemoryStore::new();
        store.fail_at(at, fault);
        let id = id("x");
        let a = store.commit(&id, put("a")).await;
        let (b, c) = join(store.commit(&id, put("b")), store.commit(&id, put("c"))).await;
        let acknowledged = [("a", a), ("b", b), ("c", c)];
        let acknowledged = acknowledged
            .into_iter()
            .filter(|(_, result)| result.is_ok());
        let acknowledged = acknowledged.map(|(key, _)| key).collect();
        if fault != Fault::Fail {
            assert!(store.load(&id, &["log/"]).await.is_err());
            assert!(store.commit(&id, put("d")).await.is_err());
            assert_eq!(store.operations(), at + 1);
        }
        (acknowledged, keys(&store.reopen(), "x").await.concat())
    }

    /// The operations: write `a`, sync it, write `b`, write `c`, sync (both), sync (nothing more).
    async fn table(fault: Fault) -> Vec<String> {
        let mut table = Vec::new();
        for at in 0..6 {
            let (acknowledged, survived) = run(at, fault).await;
            assert!(survived.starts_with(&acknowledged) || fault == Fault::Fail);
            table.push(format!("{acknowledged}/{survived}"));
        }
        table
    }

    #[tokio::test]
    async fn a_torn_write_is_gone_and_those_before_it_survive() {
        let table = table(Fault::Tear).await;
        assert_eq!(table, ["/", "/", "a/a", "a/ab", "a/ab", "ab/abc"]);
    }

    #[tokio::test]
    async fn what_was_not_synced_is_forgotten() {
        let table = table(Fault::Forget).await;
        assert_eq!(table, ["/", "/", "a/a", "a/a", "a/a", "ab/abc"]);
    }

    #[tokio::test]
    async fn what_is_kept_was_not_acknowledged() {
        let table = table(Fault::Keep).await;
        assert_eq!(table, ["/a", "/a", "a/ab", "a/abc", "a/abc", "ab/abc"]);
    }

    #[tokio::test]
    async fn a_store_that_stops_keeps_what_was_written() {
        let table = table(Fault::Stop).await;
        assert_eq!(table, ["/", "/a", "a/a", "a/ab", "a/abc", "ab/abc"]);
    }

    #[tokio::test]
    async fn after_a_commit_that_failed_the_next_ones_of_the_execution_fail_as_well() {
        let table = table(Fault::Fail).await;
        assert_eq!(table, ["/", "/a", "a/a", "a/ab", "a/abc", "ab/abc"]);
    }

    #[tokio::test]
    async fn an_execution_that_is_loaded_again_goes_on() {
        let store = MemoryStore::new();
        store.fail_at(0, Fault::Fail);
        assert!(store.commit(&id("x"), put("a")).await.is_err());
        assert!(store.commit(&id("y"), put("a")).await.is_ok());
        assert!(store.commit(&id("x"), put("b")).await.is_err());
        assert_eq!(keys(&store, "x").await, [""; 0]);
        assert!(store.commit(&id("x"), put("b")).await.is_ok());
        assert_eq!(keys(&store, "x").await, ["b"]);
    }

    #[tokio::test]
    async fn loading_waits_for_commits_whose_futures_were_dropped() {
        let store = MemoryStore::new();
        drop(store.commit(&id("x"), put("a")));
        assert_eq!(keys(&store, "x").await, ["a"]);
        drop(store.commit(&id("x"), put("b")));
        assert_eq!(keys(&store.reopen(), "x").await, ["a", "b"]);
        assert!(
            store.load(&id("x"), &["log/"]).await.is_err(),
            "it was closed"
        );
    }

    #[tokio::test]
    async fn rows_are_read_by_their_prefix_after_a_key() {
        let store = MemoryStore::new();
        for key in ["item/1", "item/2", "item/3", "other"] {
            store.commit(&id("x"), put(key)).await.unwrap();
        }
        let read_some = async |prefix, after, at_most, last| {
            let keys = Keys {
                prefix,
                after,
                at_most,
                last,
            };
            let rows = store.read(&id("x"), keys).await.unwrap();
            rows.iter()
                .map(|(key, _)| key.to_owned())
                .collect::<Vec<_>>()
        };
        let read = async |prefix, after, at_most| read_some(prefix, after, at_most, false).await;
        assert_eq!(read("item/", None, 2).await, ["item/1", "item/2"]);
        assert_eq!(read("item/", Some("item/2"), 2).await, ["item/3"]);
        assert_eq!(read("item/", Some("a"), 1).await, ["item/1"]);
        assert_eq!(read("item/", Some("z"), 1).await, [""; 0]);
        assert_eq!(read_some("item/", None, 1, true).await, ["item/3"]);
        assert_eq!(
            read_some("item/", Some("item/1"), 9, true).await,
            ["item/2", "item/3"]
        );
        assert_eq!(read_some("", None, 9, true).await.len(), 4);
    }

    #[tokio::test]
    async fn of_a_log_only_the_last_row_is_loaded() {
        let store = MemoryStore::new();
        for key in ["a", "log/1", "log/2", "log/3", "z"] {
            store.commit(&id("x"), put(key)).await.unwrap();
        }
        assert_eq!(keys(&store, "x").await, ["a", "log/3", "z"]);
        assert_eq!(keys(&store, "y").await, [""; 0]);
    }

    #[tokio::test]
    async fn executions_are_listed_by_their_flow() {
        let store = MemoryStore::new();
        for (flow, name) in [("E", "a"), ("F", "a"), ("F", "b"), ("F", "c"), ("G", "a")] {
            let id = ExecutionName::new(flow, name);
            store.commit(&id, put("execution")).await.unwrap();
        }
        store.commit(&id("b"), put("outcome")).await.unwrap();
        let list = async |unfinished, after, at_most| {
            let listing = Listing {
                flow: "F",
                unfinished,
                after,
                at_most,
            };
            store.list(listing).await.unwrap()
        };
        assert_eq!(list(false, None, 9).await, ["a", "b", "c"]);
        assert_eq!(list(true, None, 9).await, ["a", "c"]);
        assert_eq!(list(true, Some("a"), 9).await, ["c"]);
        assert_eq!(list(false, None, 1).await, ["a"]);
    }
}
