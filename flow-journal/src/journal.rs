//! A journal that is open.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use flow_core::__private::{Complete, Flow, Graph};
use flow_core::durable::{Executions, Host, HostOptions, Unavailable};

use crate::disk::Disk;
use crate::open::Open;

/// Why a journal has stopped.
pub type Failure = Unavailable;

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
    pub async fn close(&self, within: Duration) -> Result<bool, Failure> {
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
    pub async fn failed(&self) -> Failure {
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
