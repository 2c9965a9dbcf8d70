//! A store in memory that fails, or in the middle of whose commits the process dies.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use flow_core::durable::{
    Commit, ExecutionName, Fault, Keys, Listing, MemoryStore, Rows, Store, Unavailable,
};
use futures::FutureExt;
use futures::future::{BoxFuture, pending};
use tokio::sync::Notify;

/// How a life ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cut {
    /// This fault strikes at the operation with this number.
    Fault(u64, Fault),
    /// The runtime is dropped while the commit with this number is made.
    Dropped(u64, Point),
}

/// Where in a commit.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Point {
    /// Nothing of it is written.
    Begun,
    /// It is written, and not synced.
    Written,
    /// It is durable, and the host does not know.
    Durable,
}

#[derive(Clone)]
pub(crate) struct CutStore(Arc<Inner>);

struct Inner {
    store: MemoryStore,
    cut: Option<Cut>,
    commits: AtomicU64,
    has_died: AtomicBool,
    died: Notify,
}

impl CutStore {
    pub(crate) fn new(store: MemoryStore, cut: Option<Cut>) -> Self {
        if let Some(Cut::Fault(at, fault)) = cut {
            store.fail_at(at, fault);
        }
        Self(Arc::new(Inner {
            store,
            cut,
            commits: AtomicU64::new(0),
            has_died: AtomicBool::new(false),
            died: Notify::new(),
        }))
    }

    /// Waits until the process is to die.
    pub(crate) async fn death(&self) {
        self.0.died.notified().await;
    }

    /// Whether something has gone wrong.
    pub(crate) fn was_cut(&self) -> bool {
        self.0.has_died.load(Ordering::Relaxed)
    }
}

impl Inner {
    async fn die<T>(&self) -> T {
        self.has_died.store(true, Ordering::Relaxed);
        self.died.notify_one();
        pending().await
    }
}

impl Store for CutStore {
    fn load<'a>(
        &'a self,
        id: &'a ExecutionName,
        logs: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Rows, Unavailable>> {
        self.0.store.load(id, logs)
    }

    fn read<'a>(
        &'a self,
        id: &'a ExecutionName,
        keys: Keys<'a>,
    ) -> BoxFuture<'a, Result<Rows, Unavailable>> {
        self.0.store.read(id, keys)
    }

    fn commit(
        &self,
        id: &ExecutionName,
        commit: Commit,
    ) -> BoxFuture<'static, Result<(), Unavailable>> {
        let inner = Arc::clone(&self.0);
        let number = inner.commits.fetch_add(1, Ordering::Relaxed);
        let point = match inner.cut {
            Some(Cut::Dropped(at, point)) if at == number => Some(point),
            _ => None,
        };
        if matches!(point, Some(Point::Begun)) {
            return async move { inner.die().await }.boxed();
        }
        let made = inner.store.commit(id, commit);
        async move {
            if matches!(point, Some(Point::Written)) {
                let _not_synced = made;
                return inner.die().await;
            }
            let made = made.await;
            let stops = !matches!(inner.cut, Some(Cut::Fault(_, Fault::Fail)));
            if made.is_err() && stops || point.is_some() {
                inner.die::<()>().await;
            }
            if made.is_err() {
                inner.has_died.store(true, Ordering::Relaxed);
            }
            made
        }
        .boxed()
    }

    fn list<'a>(&'a self, listing: Listing<'a>) -> BoxFuture<'a, Result<Vec<String>, Unavailable>> {
        self.0.store.list(listing)
    }
}
