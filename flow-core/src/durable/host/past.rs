//! The history of an execution, as it is written.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::durable::by_id::Status;
use crate::durable::history::HistoryEntry;
use crate::durable::host::clock::Clock;
use crate::durable::host::reading::status;
use crate::durable::host::shared::Shared;
use crate::durable::position::Position;
use crate::durable::request_error::RequestError;
use crate::durable::store::{ExecutionName, Keys};
use crate::records::codec::from_bytes;
use crate::records::commit::{Change, Commit};
use crate::records::history::HistoryRow;
use crate::records::key;
use crate::records::rows::Rows;

/// What is written of what an execution does.
pub(super) struct Past {
    /// The position of the next entry.
    next: u64,
    /// How many entries are kept.
    at_most: u64,
    /// The time of the last entry, in milliseconds since 1970. None is before the one before it,
    /// even if the clock on the wall is set back.
    last: u64,
}

impl Past {
    pub(super) fn new(rows: &Rows, at_most: u64) -> Self {
        let last = rows.of(key::HISTORY).last();
        let number = last.and_then(|(key, _)| key::number(key));
        let row = last.and_then(|(_, row)| from_bytes::<HistoryRow>(row).ok());
        Self {
            next: number.map_or(0, |last| last + 1),
            at_most,
            last: row.map_or(0, |row| row.at),
        }
    }

    /// The time on the wall, but never before the last one that was recorded.
    pub(super) fn now(&self, clock: &Clock) -> SystemTime {
        let last = UNIX_EPOCH.checked_add(Duration::from_millis(self.last));
        clock.now().max(last.unwrap_or(UNIX_EPOCH))
    }

    /// The changes that go with a commit of the execution.
    pub(super) fn with(&mut self, commit: &Commit, clock: &Clock) -> Vec<Change> {
        if self.at_most == 0 {
            return Vec::new();
        }
        let at = clock.millis().max(self.last);
        // It consists of what was written before.
        let Ok(Some(row)) = HistoryRow::write(commit, at) else {
            return Vec::new();
        };
        self.last = at;
        let entry = Change::Put(key::history(self.next), row);
        let last = self.next.checked_sub(self.at_most);
        let last = last.map(|last| Change::Delete(key::history(last)));
        self.next += 1;
        std::iter::once(entry).chain(last).collect()
    }
}

pub(super) async fn read(
    shared: &Shared,
    id: &ExecutionName,
    after: Option<Position>,
    at_most: usize,
) -> Result<Vec<HistoryEntry>, RequestError> {
    let after = after.map(|after| {
        let number = u64::from_str_radix(after.as_str(), 16);
        let number = number.map_err(|_none| RequestError::NoPosition(after.to_string()))?;
        Ok::<_, RequestError>(key::history(number))
    });
    let after = after.transpose()?;
    let keys = Keys {
        prefix: key::HISTORY,
        after: after.as_deref(),
        at_most,
        last: false,
    };
    let rows = shared.store.read(id, keys).await?;
    // Asked last: what was purged before has no rows.
    if matches!(status(shared, id).await?, Status::Purged) {
        return Err(RequestError::Purged {
            id: id.id().to_owned(),
        });
    }
    let entries = rows.iter().filter_map(|(key, row)| {
        let position = key::number(key)?;
        Some(HistoryEntry::read(position, row))
    });
    entries.collect()
}
