//! Reads what the database believes without a look at its sums, before it is opened: its log, and
//! which tables there are.

mod log;
mod tables;

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::open::OpenError;

/// The key of the row that says which sequence number its commit has at least. No other key is like
/// it: those contain zeros.
pub(crate) const LEAST_SEQUENCE: &[u8] = b"least sequence";

/// Checks a database, and cuts off what a crash has left at the end of its log.
pub(crate) fn check(database: &Path) -> Result<(), OpenError> {
    tables::check(database)?;
    log::check(database)
}

/// What is in a directory, and nothing if it is not there.
fn entries(directory: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(directory) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Takes the first bytes.
fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(*taken)
}
