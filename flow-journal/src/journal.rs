//! A journal, and how it is opened.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use flow_core::__private::{Complete, Flow, Graph};
use flow_core::durable::{Executions, Host, HostOptions, Unavailable};
use tokio::time::{Instant, sleep};

use crate::directory::{Directory, Refused};
use crate::disk::{Disk, Settings};
use crate::open_error::OpenError;
use crate::scan;

/// A day.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a journal that this process has open is waited for: it may be about to be dropped.
const OWN: Duration = Duration::from_secs(2);

/// How often a locked directory is tried.
const TRY_EVERY: Duration = Duration::from_millis(20);

/// Runs durable executions, and keeps them in a directory.
///
/// The journal runs in the tokio runtime in which it was opened. It may be cloned and shared. When
/// the last clone, and the last [`Executions`] of it, is dropped, everything stops as in a crash,
/// and the next process goes on with it; [`close`](Self::close) lets the calls that run end before.
///
/// Nothing is reported as done before it is durable: a `start`, an answer or an event that has
/// returned `Ok` survives a power cut. When the disk fails or is full, the journal stops: every
/// request that needs the disk ends with
/// [`Unavailable`](flow_core::durable::RequestError::Unavailable), also if the disk works again
/// meanwhile, until the journal is opened anew; what is in memory and durable may still be read.
/// [`failed`](Self::failed) tells a program of it.
///
/// # Memory
///
/// An execution is in memory while something in it runs, and a while longer. One that waits for the
/// outside is not in memory at all; one that waits for a time is an entry in an index.
#[derive(Clone)]
pub struct Journal {
    host: Host,
    disk: Arc<Disk>,
}

impl Journal {
    /// Opens the journal in this directory, which is made if it does not exist.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use flow_journal::Journal;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = tempfile::tempdir()?;
    /// # let path = directory.path().join("orders");
    /// let journal = Journal::open(&path)
    ///     .wait(Duration::from_secs(30)) // for the process before this one to end
    ///     .keep_finished(Duration::from_secs(7 * 24 * 60 * 60))
    ///     .await?;
    /// # drop(journal);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`OpenError`](crate::OpenError). One process at a time may have it open.
    ///
    /// # Panics
    ///
    /// If it is awaited outside of a tokio runtime.
    pub fn open(path: impl AsRef<Path>) -> Open {
        Open::new(path.as_ref())
    }

    pub(crate) fn new(options: HostOptions, disk: Arc<Disk>) -> Self {
        let host = options.open(Arc::clone(&disk));
        tokio::spawn(Disk::keep_clean(Arc::downgrade(&disk)));
        Self { host, disk }
    }

    /// Adds a flow, under its own name, and goes on with its executions that are not over.
    ///
    /// Those with which this program cannot go on are left as they are, and
    /// [listed](flow_core::durable::ListExecutions::stuck).
    ///
    /// # Panics
    ///
    /// If the journal has a flow of this name already.
    #[allow(clippy::must_use_candidate, reason = "it goes on with the executions")]
    pub fn register<G: Graph, Given: Complete + 'static>(
        &self,
        flow: Flow<G, Given>,
    ) -> Executions<G> {
        self.host.register(flow)
    }

    /// Adds a flow under another name than its own. The executions in the journal are those that
    /// were started under this name.
    ///
    /// # Panics
    ///
    /// If the journal has a flow of this name already.
    #[allow(clippy::must_use_candidate, reason = "it goes on with the executions")]
    pub fn register_as<G: Graph, Given: Complete + 'static>(
        &self,
        name: &str,
        flow: Flow<G, Given>,
    ) -> Executions<G> {
        self.host.register_as(name, flow)
    }

    /// Closes the journal in peace: it takes no work any more, lets the calls that run end, for
    /// this time at most, and leaves the rest to the next start. Then another process may open it.
    ///
    /// Returns whether all calls have ended. One that has not is dropped, as in a crash, and made
    /// again after the next start. See [`Host::close`].
    ///
    /// # Errors
    ///
    /// If the journal has failed. What was reported as done is durable all the same.
    pub async fn close(&self, within: Duration) -> Result<bool, Unavailable> {
        let have_ended = self.host.close(within).await;
        self.disk.close().await?;
        Ok(have_ended)
    }

    /// Waits until the journal fails: its disk is full, or cannot be written. A service does best
    /// to end then, and to be started again.
    ///
    /// ```no_run
    /// # use flow_journal::Journal;
    /// # async fn serve() {}
    /// # async fn run(journal: Journal) {
    /// tokio::select! {
    ///     () = serve() => {}
    ///     why = journal.failed() => eprintln!("the journal has stopped: {why:?}"),
    /// }
    /// # }
    /// ```
    ///
    /// # Cancel safety
    ///
    /// It may be dropped and called again.
    pub async fn failed(&self) -> Unavailable {
        self.disk.failed().await
    }

    /// The directory.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.disk.path()
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal")
            .field("path", &self.path())
            .finish_non_exhaustive()
    }
}

/// A journal that is about to be opened: see [`Journal::open`]. It is opened by `.await`.
#[derive(Clone, Debug)]
#[must_use = "it is opened by `.await`"]
pub struct Open {
    path: PathBuf,
    wait: Duration,
    host: HostOptions,
    settings: Settings,
}

impl Open {
    pub(crate) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            wait: Duration::ZERO,
            host: HostOptions::new(),
            settings: Settings {
                keep_finished: 30 * DAY,
                remember_purged: 365 * DAY,
            },
        }
    }

    /// Waits for another process that has the journal open, for this time at most, instead of
    /// failing at once: for a deployment in which the next process starts before the last one has
    /// ended.
    pub fn wait(mut self, at_most: Duration) -> Self {
        self.wait = at_most;
        self
    }

    /// How long executions that are over are kept, with their outputs and items: 30 days unless
    /// told otherwise. Then they are purged, so that a reader gets
    /// [`Purged`](flow_core::durable::RequestError::Purged).
    pub fn keep_finished(mut self, time: Duration) -> Self {
        self.settings.keep_finished = time;
        self
    }

    /// How long the ids of purged executions are remembered: 365 days unless told otherwise. Until
    /// then, a [`start`](flow_core::durable::Executions::start) that is repeated is an error.
    /// Afterwards it starts a new execution.
    pub fn remember_purged(mut self, time: Duration) -> Self {
        self.settings.remember_purged = time;
        self
    }

    /// How long an execution that waits for the outside stays in memory: 10 seconds unless told
    /// otherwise.
    pub fn park_after(mut self, after: Duration) -> Self {
        self.host = self.host.park_after(after);
        self
    }

    /// How many entries of an execution's [history](flow_core::durable::ReadHistory) are kept: the
    /// last 1000 unless told otherwise. With 0 there is none, and less is written.
    pub fn history(mut self, at_most: u64) -> Self {
        self.host = self.host.history(at_most);
        self
    }

    /// How many bytes a value may have that is recorded: a mebibyte unless told otherwise. See
    /// [`HostOptions::max_value`].
    pub fn max_value(mut self, bytes: usize) -> Self {
        self.host = self.host.max_value(bytes);
        self
    }

    async fn open(self) -> Result<Journal, OpenError> {
        let begun = Instant::now();
        let directory = loop {
            let path = self.path.clone();
            match take(path).await {
                Ok(directory) => break directory?,
                Err(process) => {
                    let is_own = process == Some(std::process::id());
                    let wait = if is_own {
                        self.wait.max(OWN)
                    } else {
                        self.wait
                    };
                    if begun.elapsed() >= wait {
                        return Err(OpenError::InUse {
                            path: self.path,
                            process,
                        });
                    }
                    sleep(TRY_EVERY).await;
                }
            }
        };
        let settings = self.settings;
        let opened = move || {
            scan::check(&directory.rows())?;
            Disk::open(directory, settings)
        };
        let opened = tokio::task::spawn_blocking(opened).await;
        let disk = opened.map_err(|panic| OpenError::damaged(&self.path, panic))??;
        Ok(Journal::new(self.host, Arc::new(disk)))
    }
}

/// Tries to take a directory. The outer error is the process that has it.
async fn take(path: PathBuf) -> Result<Result<Directory, OpenError>, Option<u32>> {
    let of = path.clone();
    match tokio::task::spawn_blocking(move || Directory::take(&path)).await {
        Ok(Ok(directory)) => Ok(Ok(directory)),
        Ok(Err(Refused::Locked(process))) => Err(process),
        Ok(Err(Refused::Error(error))) => Ok(Err(error)),
        Err(panic) => Ok(Err(OpenError::io(&of, io::Error::other(panic)))),
    }
}

impl IntoFuture for Open {
    type Output = Result<Journal, OpenError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.open())
    }
}
