//! The database in the directory: the rows of executions, and what is found faster by an index.

use std::fs;
use std::ops::Bound;
use std::path::Path;

use fjall::{Database, Keyspace, KeyspaceCreateOptions, KvPair, LsmError, Readable};
use flow_core::durable::{ExecutionName, Keys, Listing, Rows, Unavailable};

use crate::directory::Directory;
use crate::disk::keys;
use crate::open_error::OpenError;

/// The log of the database is at most as long. It is read once when the journal is opened.
const LONGEST_LOG: u64 = 128 << 20;

/// What may be in memory before it is written into tables.
const LARGEST_TABLE_IN_MEMORY: u64 = 16 << 20;

/// The tables. Its fields are dropped in this order: the directory is free at last.
pub(super) struct Tables {
    /// The rows of executions.
    pub(super) rows: Keyspace,
    /// The executions, with their [`State`].
    pub(super) executions: Keyspace,
    /// Those that are not over.
    pub(super) unfinished: Keyspace,
    /// Those that are over, by the time of their end.
    pub(super) over: Keyspace,
    /// Those that were purged, by the time of that.
    pub(super) purged: Keyspace,
    /// One row, which is in each commit: see [`LEAST_SEQUENCE`](crate::scan::LEAST_SEQUENCE).
    pub(super) marks: Keyspace,
    pub(super) database: Database,
    #[allow(
        dead_code,
        reason = "its drop lets the next process have the directory"
    )]
    directory: Directory,
}

/// What is in the index of an execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Unfinished,
    /// Since this time.
    Over(u64),
    Purged(u64),
}

impl State {
    pub(super) fn to_bytes(self) -> Vec<u8> {
        let (kind, since) = match self {
            Self::Unfinished => (0, 0),
            Self::Over(since) => (1, since),
            Self::Purged(since) => (2, since),
        };
        keys::at(since, &[kind])
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        match keys::read_at(bytes)? {
            (_, [0]) => Some(Self::Unfinished),
            (since, [1]) => Some(Self::Over(since)),
            (since, [2]) => Some(Self::Purged(since)),
            _ => None,
        }
    }
}

impl Tables {
    pub(super) fn open(directory: Directory) -> Result<Self, OpenError> {
        directory.make_rows(make)?;
        let (database, [rows, executions, unfinished, over, purged, marks]) =
            open(&directory.rows())?;
        Ok(Self {
            rows,
            executions,
            unfinished,
            over,
            purged,
            marks,
            database,
            directory,
        })
    }

    /// All rows of an execution; of those whose keys begin with one of `logs` only the last one.
    pub(super) fn load(&self, name: &ExecutionName, logs: &[&str]) -> Result<Rows, Unavailable> {
        let execution = keys::execution(name);
        let snapshot = self.database.snapshot();
        let mut logs: Vec<_> = logs.iter().map(|log| keys::row(&execution, log)).collect();
        logs.sort();
        let mut rows = Vec::new();
        let mut from = execution.clone();
        for log in logs {
            if log < from {
                // It is within the one before.
                continue;
            }
            let before = snapshot.range(&self.rows, from..log.clone());
            rows.extend(collect(before, &execution)?);
            let last = snapshot.prefix(&self.rows, &log).next_back();
            rows.extend(collect(last.into_iter(), &execution)?);
            match keys::after(&log) {
                Some(after) => from = after,
                None => return Ok(rows.into_iter().collect()),
            }
        }
        let end = keys::after(&execution).map_or(Bound::Unbounded, Bound::Excluded);
        let from = Bound::Included(from);
        if !is_empty(&from, &end) {
            let rest = snapshot.range::<Vec<u8>, _>(&self.rows, (from, end));
            rows.extend(collect(rest, &execution)?);
        }
        Ok(rows.into_iter().collect())
    }

    /// Some rows of an execution.
    pub(super) fn read(&self, name: &ExecutionName, keys: Keys<'_>) -> Result<Rows, Unavailable> {
        let execution = keys::execution(name);
        let from = keys::row(&execution, keys.prefix);
        let end = keys::after(&from);
        let from = match keys.after {
            Some(after) if after >= keys.prefix => Bound::Excluded(keys::row(&execution, after)),
            _ => Bound::Included(from),
        };
        let end = end.map_or(Bound::Unbounded, Bound::Excluded);
        if is_empty(&from, &end) {
            return Ok(Rows::default());
        }
        // A snapshot has the whole of a commit or nothing: a table is read while commits go into
        // it.
        let rows = self.database.snapshot();
        let rows = rows.range::<Vec<u8>, _>(&self.rows, (from, end));
        let rows = if keys.last {
            collect(rows.rev().take(keys.at_most), &execution)
        } else {
            collect(rows.take(keys.at_most), &execution)
        };
        Ok(rows?.into_iter().collect())
    }

    /// The ids of executions.
    pub(super) fn list(&self, listing: Listing<'_>) -> Result<Vec<String>, Unavailable> {
        let flow = keys::flow(listing.flow);
        let from = match listing.after {
            Some(after) => {
                Bound::Excluded(keys::execution(&ExecutionName::new(listing.flow, after)))
            }
            None => Bound::Included(flow.clone()),
        };
        let end = keys::after(&flow).map_or(Bound::Unbounded, Bound::Excluded);
        let table = if listing.unfinished {
            &self.unfinished
        } else {
            &self.executions
        };
        let mut ids = Vec::new();
        let snapshot = self.database.snapshot();
        let entries = snapshot.range::<Vec<u8>, _>(table, (from, end));
        for entry in entries.take(listing.at_most) {
            let key = entry.key().map_err(unavailable)?;
            ids.push(keys::id(&key, &flow).ok_or_else(damaged)?);
        }
        Ok(ids)
    }

    pub(super) fn state(&self, execution: &[u8]) -> Result<Option<State>, Unavailable> {
        let state = self.executions.get(execution).map_err(unavailable)?;
        let state = state.map(|state| State::from_bytes(&state).ok_or_else(damaged));
        state.transpose()
    }
}

/// Makes an empty database.
fn make(path: &Path) -> Result<(), OpenError> {
    drop(open(path)?);
    // It would be cut where it ends when it is opened. One that begins anew is made longer before
    // it is written, so that to sync it takes less.
    let log = path.join("0.jnl");
    fs::remove_file(&log).map_err(|source| OpenError::io(&log, source))
}

/// Opens the database, and makes it if it is not there.
fn open(path: &Path) -> Result<(Database, [Keyspace; 6]), OpenError> {
    let failed = |error| match error {
        fjall::Error::Io(source) | fjall::Error::Storage(LsmError::Io(source)) => {
            OpenError::io(path, source)
        }
        error => OpenError::damaged(path, error),
    };
    let database = Database::builder(path)
        .max_journaling_size(LONGEST_LOG)
        .worker_threads(1)
        .open()
        .map_err(failed)?;
    let open = |name| {
        let options = || {
            let options = KeyspaceCreateOptions::default();
            // Each commit says itself that it is to be durable.
            options
                .manual_journal_persist(true)
                .max_memtable_size(LARGEST_TABLE_IN_MEMORY)
        };
        database.keyspace(name, options).map_err(failed)
    };
    let tables = [
        open("rows")?,
        open("executions")?,
        open("unfinished")?,
        open("over")?,
        open("purged")?,
        open("marks")?,
    ];
    Ok((database, tables))
}

fn is_empty(from: &Bound<Vec<u8>>, end: &Bound<Vec<u8>>) -> bool {
    match (from, end) {
        (Bound::Excluded(from) | Bound::Included(from), Bound::Excluded(end)) => from >= end,
        _ => false,
    }
}

fn collect(
    entries: impl Iterator<Item = fjall::Guard>,
    execution: &[u8],
) -> Result<Vec<(String, Vec<u8>)>, Unavailable> {
    let mut rows = Vec::new();
    for entry in entries {
        let (key, value): KvPair = entry.into_inner().map_err(unavailable)?;
        let key = key.strip_prefix(execution).ok_or_else(damaged)?;
        let key = str::from_utf8(key).map_err(Unavailable::new)?;
        rows.push((key.to_owned(), value.to_vec()));
    }
    Ok(rows)
}

pub(super) fn unavailable(error: fjall::Error) -> Unavailable {
    Unavailable::new(error)
}

pub(super) fn damaged() -> Unavailable {
    Unavailable::new("a key in the journal is not as it was written")
}
