//! An execution as rows: all that is needed to go on with it after a crash.

use std::collections::BTreeMap;
use std::ops::Bound;

use crate::records::bytes::Bytes;
use crate::records::commit::{Change, Commit, Part};
use crate::records::key;

/// The rows of one durable execution, by their keys.
///
/// A back end keeps them wherever it likes: it makes a [`Commit`] durable as a whole or not at all,
/// and gives the rows back when the execution is loaded again. It need not know what is in them.
///
/// ```
/// use flow_core::durable::{Change, Commit, Rows};
///
/// let mut rows = Rows::default();
/// rows.apply(Commit::from(vec![
///     Change::Put("item/0".to_owned(), b"a".to_vec()),
///     Change::Put("item/1".to_owned(), b"b".to_vec()),
/// ]));
/// rows.apply(Commit::from(vec![Change::Delete("item/0".to_owned())]));
/// assert_eq!(rows.get("item/1"), Some(&b"b"[..]));
/// assert_eq!(rows.iter().count(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows(BTreeMap<String, Vec<u8>>);

impl Rows {
    /// Applies the changes, in their order.
    pub fn apply(&mut self, commit: Commit) {
        for (change, part) in commit.changes {
            if part == Part::Told {
                continue;
            }
            match change {
                Change::Put(key, value) => {
                    self.0.insert(key, value);
                }
                Change::Delete(key) => {
                    self.0.remove(&key);
                }
                Change::DeleteAll(prefix) => {
                    let keys: Vec<_> = self.of(&prefix).map(|(key, _)| key.to_owned()).collect();
                    for key in keys {
                        self.0.remove(&key);
                    }
                }
            }
        }
    }

    pub(crate) fn put(&mut self, key: String, value: Vec<u8>) {
        self.0.insert(key, value);
    }

    /// The value of the row with this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&[u8]> {
        self.0.get(key).map(Vec::as_slice)
    }

    /// All rows, in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_slice()))
    }

    /// Those whose keys begin like this.
    pub(crate) fn of(&self, prefix: &str) -> impl Iterator<Item = (&str, &[u8])> {
        let from = (Bound::Included(prefix), Bound::Unbounded);
        let rows = self.0.range::<str, _>(from);
        let rows = rows.take_while(move |(key, _)| key.starts_with(prefix));
        rows.map(|(key, value)| (key.as_str(), value.as_slice()))
    }

    /// Whether the execution is over: it has an outcome, or was purged.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.0.contains_key(key::OUTCOME) || self.0.contains_key(key::PURGED)
    }

    /// At most so many of those whose keys begin with `prefix` and come after `after`: the first
    /// ones, or the last ones.
    #[must_use]
    pub fn range(&self, prefix: &str, after: Option<&str>, at_most: usize, last: bool) -> Self {
        let from = match after {
            Some(after) if after >= prefix => Bound::Excluded(after),
            _ => Bound::Included(prefix),
        };
        // The least string that is greater than all that begin with the prefix.
        let mut end = prefix.to_owned();
        while let Some(char) = end.pop() {
            if let Some(next) = char::from_u32(char as u32 + 1) {
                end.push(next);
                break;
            }
        }
        let to = if end.is_empty() {
            Bound::Unbounded
        } else {
            Bound::Excluded(end.as_str())
        };
        if let (Bound::Excluded(from), Bound::Excluded(to)) = (from, to)
            && from >= to
        {
            return Self::default();
        }
        let rows = self.0.range::<str, _>((from, to));
        let rows = rows.map(|(key, value)| (key.clone(), value.clone()));
        if last {
            rows.rev().take(at_most).collect()
        } else {
            rows.take(at_most).collect()
        }
    }

    /// All rows, but of those whose keys begin with one of `logs` only the last one.
    #[must_use]
    pub fn without(&self, logs: &[&str]) -> Self {
        let is_log = |key: &str| logs.iter().any(|log| key.starts_with(log));
        let rows = self.0.iter().filter(|(key, _)| !is_log(key));
        let mut rows: Self = rows
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        for log in logs {
            rows.0.append(&mut self.range(log, None, 1, true).0);
        }
        rows
    }

    /// Whether there are none: no execution has begun under this id.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(String, Vec<u8>)> for Rows {
    fn from_iter<T: IntoIterator<Item = (String, Vec<u8>)>>(rows: T) -> Self {
        Self(rows.into_iter().collect())
    }
}

/// What is in the log of items.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum ItemRow {
    /// An item, as the codec has written it.
    Item(Bytes),
    /// The call of this handler is repeated, and puts its items anew.
    Restarted(String),
}

/// What is in the row of an activation.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct ActivationRow<Name = String> {
    /// Those are given in their order.
    pub(crate) id: u64,
    /// What the clause takes, by name.
    pub(crate) name: Name,
    /// What it takes.
    pub(crate) value: Bytes,
}
