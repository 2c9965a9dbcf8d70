//! What is recorded of what an execution has done, beside what it needs to go on.

use serde::{Deserialize, Serialize};

use crate::records::bytes::Bytes;
use crate::records::rows::{Change, Commit, key};

/// What one commit has changed that tells what has happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct HistoryRow {
    /// In milliseconds since 1970.
    pub(crate) at: u64,
    /// The keys of rows, and what they were changed to. `None` if the row is gone.
    pub(crate) changes: Vec<(String, Option<Bytes>)>,
}

impl HistoryRow {
    /// What the commit tells, if it does.
    pub(crate) fn of(commit: &Commit, at: u64) -> Option<Self> {
        let changes: Vec<_> = commit.told().filter_map(told).collect();
        (!changes.is_empty()).then_some(Self { at, changes })
    }
}

fn told(change: &Change) -> Option<(String, Option<Bytes>)> {
    match change {
        // The item is in a row of its own.
        Change::Put(key, _) if key.starts_with(key::ITEMS) => {
            Some((key.clone(), Some(Bytes::default())))
        }
        Change::Put(key, _) if key == key::OUTCOME || key == key::CANCELLED => {
            Some((key.clone(), Some(Bytes::default())))
        }
        Change::Put(key, value) if is_told(key) => Some((key.clone(), Some(Bytes(value.clone())))),
        Change::Delete(key) if key.contains(key::ACTIVATIONS) => Some((key.clone(), None)),
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
