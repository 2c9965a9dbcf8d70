//! The bank: the outside, which a crash of the program does not undo.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::fs::{self, OpenOptions};
use tokio::io::AsyncWriteExt;

/// A bank that writes all that it is asked for, and all that it does, into a file. It does the same
/// thing once for each key, as the interfaces of payment services do.
pub(crate) struct Bank {
    log: PathBuf,
    pace: Duration,
}

impl Bank {
    /// A bank with this file. It takes so long to do what it is asked for.
    pub(crate) fn new(log: &Path, pace: Duration) -> Self {
        Self {
            log: log.to_owned(),
            pace,
        }
    }

    pub(crate) async fn charge(&self, cents: u64, key: &str) -> io::Result<()> {
        self.once("charge", cents, key).await
    }

    pub(crate) async fn refund(&self, cents: u64, key: &str) -> io::Result<()> {
        self.once("refund", cents, key).await
    }

    async fn once(&self, what: &str, cents: u64, key: &str) -> io::Result<()> {
        self.write(&format!("asked: {what} {cents} for {key}"))
            .await?;
        tokio::time::sleep(self.pace).await;
        let done = format!("done: {what} {cents} for {key}");
        if self.has(&done).await? {
            return Ok(());
        }
        self.write(&done).await
    }

    async fn has(&self, line: &str) -> io::Result<bool> {
        match fs::read_to_string(&self.log).await {
            Ok(log) => Ok(log.lines().any(|written| written == line)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Adds a line, in one write.
    async fn write(&self, line: &str) -> io::Result<()> {
        let mut options = OpenOptions::new();
        let mut log = options.append(true).create(true).open(&self.log).await?;
        log.write_all(format!("{line}\n").as_bytes()).await?;
        log.flush().await
    }
}
