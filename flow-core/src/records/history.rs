//! What is recorded of what an execution has done, beside what it needs to go on.

use serde::{Deserialize, Serialize, Serializer};

use crate::records::bytes::Bytes;
use crate::records::codec::{CodecError, to_bytes};
use crate::records::commit::{Change, Commit};
use crate::records::key;

/// What one commit has changed that tells what has happened.
#[derive(Debug, Deserialize)]
pub(crate) struct HistoryRow {
    /// In milliseconds since 1970.
    pub(crate) at: u64,
    /// The keys of rows, and what they were changed to. `None` if the row is gone.
    pub(crate) changes: Vec<(String, Option<Bytes>)>,
}

impl HistoryRow {
    /// What the commit tells, if it does, as a row.
    pub(crate) fn write(commit: &Commit, at: u64) -> Result<Option<Vec<u8>>, CodecError> {
        let changes: Vec<_> = commit.told().filter_map(told).collect();
        if changes.is_empty() {
            return Ok(None);
        }
        to_bytes(&Borrowed { at, changes }).map(Some)
    }
}

/// A [`HistoryRow`] of what is in a commit.
#[derive(Serialize)]
struct Borrowed<'a> {
    at: u64,
    changes: Vec<(&'a str, Option<Raw<'a>>)>,
}

struct Raw<'a>(&'a [u8]);

impl Serialize for Raw<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

fn told(change: &Change) -> Option<(&str, Option<Raw<'_>>)> {
    match change {
        // The item is in a row of its own.
        Change::Put(key, _) if key.starts_with(key::ITEMS) => Some((key, Some(Raw(&[])))),
        Change::Put(key, _) if key == key::OUTCOME || key == key::CANCELLED => {
            Some((key, Some(Raw(&[]))))
        }
        Change::Put(key, value) if is_told(key) => Some((key, Some(Raw(value)))),
        Change::Delete(key) if key.contains(key::ACTIVATIONS) => Some((key, None)),
        Change::Put(..) | Change::Delete(_) | Change::DeleteAll(_) => None,
    }
}

fn is_told(key: &str) -> bool {
    let told = [
        key::ACTIVATIONS,
        key::CALLS,
        key::STATES,
        key::QUESTIONS,
        key::ANSWERS,
        key::SENT,
    ];
    // That it has put an item is no news.
    told.iter().any(|told| key.starts_with(told)) && !key.ends_with('?')
}
