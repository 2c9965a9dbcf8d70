//! The store of a journal: commits go to one writer, and what is read comes from its tables.

mod database;
mod due;
mod group;
mod keys;
mod prepared;
#[cfg(test)]
mod tests;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, SystemTime};

use flow_core::durable::{
    BoxFuture, Commit, ExecutionName, Keys, Listing, Rows, Store, Unavailable,
};
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, oneshot, watch};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use crate::directory::Directory;
use crate::disk::database::Tables;
use crate::disk::due::Teller;
use crate::disk::prepared::Prepared;
use crate::disk::writer::{Message, Writer};
use crate::open_error::OpenError;

/// How often executions are looked for whose time is over, at most.
const CLEAN_EVERY: Duration = Duration::from_secs(60);

/// How many read at the same time. Each one has a thread, and most of what is read is in memory.
const READERS: usize = 16;

/// How long what is over is kept.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) keep_finished: Duration,
    pub(crate) remember_purged: Duration,
}

/// The store. Dropping it lets the writer make what it was given, and end.
pub(crate) struct Disk {
    path: PathBuf,
    settings: Settings,
    /// `None` when it is closed. The writer has them as well, and drops them at last.
    tables: Mutex<Option<Arc<Tables>>>,
    writer: Sender<Message>,
    readers: Semaphore,
    /// Why the writer has stopped.
    failure: Arc<watch::Receiver<Option<Unavailable>>>,
}

impl Disk {
    pub(crate) fn open(directory: Directory, settings: Settings) -> Result<Self, OpenError> {
        let path = directory.path().to_owned();
        let tables = Arc::new(Tables::open(directory)?);
        let (writer, messages) = channel();
        let (failed, failure) = watch::channel(None);
        let teller = Teller::spawn(&Handle::current());
        Writer::spawn(Arc::clone(&tables), messages, teller, failed)
            .map_err(|source| OpenError::io(&path, source))?;
        Ok(Self {
            path,
            settings,
            tables: Mutex::new(Some(tables)),
            writer,
            readers: Semaphore::new(READERS),
            failure: Arc::new(failure),
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Waits until the writer fails.
    pub(crate) async fn failed(&self) -> Unavailable {
        let mut failure = (*self.failure).clone();
        match failure.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(failure)) => failure.clone(),
            // It has ended well.
            _ => std::future::pending().await,
        }
    }

    /// Makes what was given to the writer, and frees the directory.
    pub(crate) async fn close(&self) -> Result<(), Unavailable> {
        drop(self.tables().take());
        let closed = self.ask(|reply| Message::Close { reply }).await;
        match &*self.failure.borrow() {
            Some(failure) => Err(failure.clone()),
            // It may have been closed before.
            None => closed.or(Ok(())),
        }
    }

    /// Purges what was kept for long enough, from time to time.
    pub(crate) async fn keep_clean(disk: Weak<Self>) {
        loop {
            let Some(disk) = disk.upgrade() else { return };
            let Settings {
                keep_finished,
                remember_purged,
            } = disk.settings;
            let every = keep_finished.min(remember_purged).min(CLEAN_EVERY);
            let now = SystemTime::now();
            let before = |kept| now.checked_sub(kept).map_or(0, keys::millis);
            let clean = |reply| Message::Clean {
                over_before: before(keep_finished),
                purged_before: before(remember_purged),
                reply,
            };
            match disk.ask(clean).await {
                // There is more.
                Ok(true) => continue,
                Ok(false) => {}
                Err(_stopped) => return,
            }
            drop(disk);
            sleep(every.max(Duration::from_millis(1))).await;
        }
    }

    fn tables(&self) -> std::sync::MutexGuard<'_, Option<Arc<Tables>>> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has the writer do something. The call decides the order, not the poll of the future.
    fn ask<T: Send + 'static>(
        &self,
        message: impl FnOnce(oneshot::Sender<Result<T, Unavailable>>) -> Message,
    ) -> BoxFuture<'static, Result<T, Unavailable>> {
        let (reply, replied) = oneshot::channel();
        let sent = self.writer.send(message(reply));
        let failure = Arc::clone(&self.failure);
        Box::pin(async move {
            let stopped = || {
                let failure = failure.borrow().clone();
                failure.unwrap_or_else(|| Unavailable::new("the journal is closed"))
            };
            sent.map_err(|_ended| stopped())?;
            replied.await.map_err(|_ended| stopped())?
        })
    }

    /// Reads from the tables, on a thread that may wait for the disk.
    async fn read_from<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Tables) -> Result<T, Unavailable> + Send + 'static,
    ) -> Result<T, Unavailable> {
        if let Some(failure) = &*self.failure.borrow() {
            return Err(failure.clone());
        }
        // It is never closed.
        let _reader = self.readers.acquire().await;
        let tables = self.tables().clone();
        let tables = tables.ok_or_else(|| Unavailable::new("the journal is closed"))?;
        let read = spawn_blocking(move || read(&tables));
        read.await.map_err(Unavailable::new)?
    }
}

impl Store for Disk {
    fn load<'a>(
        &'a self,
        name: &'a ExecutionName,
        logs: &'a [&'a str],
    ) -> BoxFuture<'a, Result<Rows, Unavailable>> {
        let of = name.clone();
        let logs: Vec<_> = logs.iter().map(|log| (*log).to_owned()).collect();
        let made = self.ask(|reply| Message::Load {
            name: of.clone(),
            reply,
        });
        Box::pin(async move {
            made.await?;
            self.read_from(move |tables| {
                let logs: Vec<_> = logs.iter().map(String::as_str).collect();
                tables.load(&of, &logs)
            })
            .await
        })
    }

    fn read<'a>(
        &'a self,
        name: &'a ExecutionName,
        keys: Keys<'a>,
    ) -> BoxFuture<'a, Result<Rows, Unavailable>> {
        Box::pin(async move {
            let (name, prefix) = (name.clone(), keys.prefix.to_owned());
            let after = keys.after.map(str::to_owned);
            let (at_most, last) = (keys.at_most, keys.last);
            self.read_from(move |tables| {
                let keys = Keys {
                    prefix: &prefix,
                    after: after.as_deref(),
                    at_most,
                    last,
                };
                tables.read(&name, keys)
            })
            .await
        })
    }

    fn commit(
        &self,
        name: &ExecutionName,
        commit: Commit,
    ) -> BoxFuture<'static, Result<(), Unavailable>> {
        let prepared = Prepared::new(&keys::execution(name), &commit);
        self.ask(|reply| Message::Commit {
            name: name.clone(),
            commit: prepared,
            reply,
        })
    }

    fn list<'a>(&'a self, listing: Listing<'a>) -> BoxFuture<'a, Result<Vec<String>, Unavailable>> {
        Box::pin(async move {
            let flow = listing.flow.to_owned();
            let after = listing.after.map(str::to_owned);
            let (unfinished, at_most) = (listing.unfinished, listing.at_most);
            self.read_from(move |tables| {
                tables.list(Listing {
                    flow: &flow,
                    unfinished,
                    after: after.as_deref(),
                    at_most,
                })
            })
            .await
        })
    }
}
