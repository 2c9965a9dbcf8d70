//! How a journal is opened, and why it may not be.

use std::error::Error;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use flow_core::durable::HostOptions;
use tokio::time::{Instant, sleep};

use crate::directory::{Directory, Refused};
use crate::disk::{Disk, Settings};
use crate::journal::Journal;
use crate::scan;

/// A day.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a journal that this process has open is waited for: it may be about to be dropped.
const OWN: Duration = Duration::from_secs(2);

/// How often a locked directory is tried.
const TRY_EVERY: Duration = Duration::from_millis(20);

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
            match blocking(move || Directory::take(&path)).await {
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

/// Tries to take a directory. The error is the process that has it.
async fn blocking(
    take: impl FnOnce() -> Result<Directory, Refused> + Send + 'static,
) -> Result<Result<Directory, OpenError>, Option<u32>> {
    match tokio::task::spawn_blocking(take).await {
        Ok(Ok(directory)) => Ok(Ok(directory)),
        Ok(Err(Refused::Locked(process))) => Err(process),
        Ok(Err(Refused::Error(error))) => Ok(Err(error)),
        Err(panic) => Ok(Err(OpenError::io(Path::new(""), io::Error::other(panic)))),
    }
}

impl IntoFuture for Open {
    type Output = Result<Journal, OpenError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.open())
    }
}

/// Why a journal was not opened. Nothing in its directory was changed, unless it was new.
#[derive(Debug)]
#[non_exhaustive]
pub enum OpenError {
    /// Another process has it open, or this one.
    InUse {
        /// The directory.
        path: PathBuf,
        /// The id of the process.
        process: Option<u32>,
    },
    /// The directory contains something else. A journal begins in an empty directory, or in one
    /// that does not exist.
    NotAJournal(PathBuf),
    /// A newer version has written it.
    NewerFormat {
        /// The directory.
        path: PathBuf,
        /// How it is written.
        found: u32,
        /// What this version can read.
        known: u32,
    },
    /// A file is not as it was written. What it says is not used: restore the directory from a
    /// backup.
    Damaged {
        /// The file, or the directory it is in.
        file: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The directory, or a file in it, cannot be read or written.
    Io {
        /// The directory.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
}

impl OpenError {
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            source,
        }
    }

    pub(crate) fn damaged(file: &Path, why: impl fmt::Display) -> Self {
        Self::Damaged {
            file: file.to_owned(),
            why: why.to_string(),
        }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse { path, process } => {
                write!(f, "the journal `{}` is in use by ", path.display())?;
                match process {
                    Some(own) if *own == std::process::id() => {
                        f.write_str("this process: share the `Journal` that it has")
                    }
                    Some(process) => write!(
                        f,
                        "process {process}: stop it, or wait for it with `Journal::open(…).wait(…)`"
                    ),
                    None => f.write_str(
                        "another process: stop it, or wait for it with `Journal::open(…).wait(…)`",
                    ),
                }
            }
            Self::NotAJournal(path) => write!(
                f,
                "the directory `{}` is not empty and no journal: choose another one",
                path.display()
            ),
            Self::NewerFormat { path, found, known } => write!(
                f,
                "the journal `{}` has the format {found}, and this version knows {known}: run the \
                 version that has written it, or a newer one",
                path.display()
            ),
            Self::Damaged { file, why } => write!(
                f,
                "`{}` is damaged, and nothing of it is used: {why}; restore the journal from a \
                 backup",
                file.display()
            ),
            Self::Io { path, .. } => {
                write!(
                    f,
                    "the journal `{}` cannot be read or written",
                    path.display()
                )
            }
        }
    }
}

impl Error for OpenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
