//! A commit of an execution as entries of the database. It is made where it comes from, on many
//! threads, so that the one writer has less to do.

use fjall::{UserKey, UserValue};
use flow_core::durable::{Change, Commit, Phase, Unavailable};
use xxhash_rust::xxh3::xxh3_64;

/// The longest key that the database takes.
const LONGEST_KEY: usize = u16::MAX as usize;

pub(super) struct Prepared {
    /// The key of the execution.
    pub(super) execution: UserKey,
    /// A number that two executions hardly have in common.
    pub(super) hash: u64,
    pub(super) phase: Option<Phase>,
    pub(super) changes: Vec<RowChange>,
}

/// A change of the table of rows.
pub(super) enum RowChange {
    Put(UserKey, UserValue),
    Delete(UserKey),
    /// All rows whose keys begin with this.
    DeleteAll(UserKey),
}

impl Prepared {
    /// The commit of the execution with this key.
    pub(super) fn new(execution: &[u8], commit: &Commit) -> Result<Self, Unavailable> {
        let mut key = execution.to_vec();
        let execution = UserKey::new(&key);
        let hash = xxh3_64(&key);
        let mut row = |row: &str| {
            key.truncate(execution.len());
            key.extend_from_slice(row.as_bytes());
            // An index has it with a time before it.
            if key.len() + size_of::<u64>() > LONGEST_KEY {
                return Err(Unavailable::new(format!(
                    "the id of the execution, or a key in it, is longer than {LONGEST_KEY} bytes"
                )));
            }
            Ok(UserKey::new(&key))
        };
        let changes = commit.changes().map(|change| {
            Ok(match change {
                Change::Put(key, value) => RowChange::Put(row(key)?, UserValue::new(value)),
                Change::Delete(key) => RowChange::Delete(row(key)?),
                Change::DeleteAll(prefix) => RowChange::DeleteAll(row(prefix)?),
            })
        });
        Ok(Self {
            changes: changes.collect::<Result<_, _>>()?,
            phase: commit.phase(),
            execution,
            hash,
        })
    }
}
