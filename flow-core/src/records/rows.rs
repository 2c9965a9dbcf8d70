//! An execution as rows: all that is needed to go on with it after a crash.

use std::collections::BTreeMap;
use std::ops::Bound;

use crate::records::bytes::Bytes;

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

/// One change of the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The row with this key has this value from now on.
    Put(String, Vec<u8>),
    /// There is no row with this key any more.
    Delete(String),
    /// There is no row any more whose key begins like this.
    DeleteAll(String),
}

impl Change {
    /// The same of the rows whose keys begin with this.
    pub(crate) fn within(self, space: &str) -> Self {
        if space.is_empty() {
            return self;
        }
        let within = |key: String| space.to_owned() + &key;
        match self {
            Self::Put(key, value) => Self::Put(within(key), value),
            Self::Delete(key) => Self::Delete(within(key)),
            Self::DeleteAll(prefix) => Self::DeleteAll(within(prefix)),
        }
    }
}

/// Changes that are made durable together: all of them or none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commit {
    changes: Vec<Change>,
}

/// What a commit makes of its execution, for a store that keeps an index of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// It has begun.
    Begun,
    /// It is over.
    Over,
    /// It was over, and what was kept of it is removed.
    Purged,
}

impl Commit {
    /// Removes all that is kept of an execution that is over. Its id stays in use.
    #[must_use]
    pub fn purge() -> Self {
        Self::from(vec![
            Change::DeleteAll(String::new()),
            Change::Put(key::PURGED.to_owned(), Vec::new()),
        ])
    }

    /// What the commit makes of its execution. `None` if that goes on as before.
    ///
    /// ```
    /// use flow_core::durable::{Change, Commit, Phase};
    ///
    /// let outcome = Change::Put("outcome".to_owned(), Vec::new());
    /// assert_eq!(Commit::from(vec![outcome]).phase(), Some(Phase::Over));
    /// let item = Change::Put("item/0".to_owned(), Vec::new());
    /// assert_eq!(Commit::from(vec![item]).phase(), None);
    /// ```
    #[must_use]
    pub fn phase(&self) -> Option<Phase> {
        let mut phases = self.changes.iter().filter_map(|change| match change {
            Change::Put(key, _) => match key.as_str() {
                key::HEAD => Some(Phase::Begun),
                key::OUTCOME => Some(Phase::Over),
                key::PURGED => Some(Phase::Purged),
                _ => None,
            },
            Change::Delete(_) | Change::DeleteAll(_) => None,
        });
        phases.next_back()
    }

    /// The changes, in the order in which they apply.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    pub(crate) fn add(&mut self, changes: Vec<Change>) {
        self.changes.extend(changes);
    }

    pub(crate) fn into_changes(self) -> Vec<Change> {
        self.changes
    }
}

impl From<Vec<Change>> for Commit {
    fn from(changes: Vec<Change>) -> Self {
        Self { changes }
    }
}

impl Rows {
    /// Applies the changes, in their order.
    pub fn apply(&mut self, commit: Commit) {
        for change in commit.changes {
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

/// The keys of the rows.
pub(crate) mod key {
    /// What the execution was started with.
    pub(crate) const HEAD: &str = "execution";
    /// How it has ended.
    pub(crate) const OUTCOME: &str = "outcome";
    /// Its rows were removed after its end.
    pub(crate) const PURGED: &str = "purged";
    /// How often it was loaded since it last got on.
    pub(crate) const LOADS: &str = "loads";
    /// It was asked to be cancelled.
    pub(crate) const CANCELLED: &str = "cancelled";
    /// The id of the next activation.
    pub(crate) const NEXT: &str = "next";
    /// The number of the next question.
    pub(crate) const NEXT_QUESTION: &str = "next question";
    /// How the execution ends at once.
    pub(crate) const ENDING: &str = "ending";
    /// The `finally` has begun.
    pub(crate) const FINALLY: &str = "finally";
    /// The value of `end`, while what is under way is finished.
    pub(crate) const OUTPUT: &str = "output";
    pub(crate) const ACTIVATIONS: &str = "activation/";
    pub(crate) const CALLS: &str = "call/";
    /// How the keys of rows of calls end that are not over.
    pub(crate) const OF_BEGUN_CALLS: [char; 2] = ['!', '?'];
    pub(crate) const ITEMS: &str = "item/";
    /// What has happened.
    pub(crate) const HISTORY: &str = "history/";
    /// Those that are only read from where they end.
    pub(crate) const LOGS: &[&str] = &[ITEMS, HISTORY];
    pub(crate) const STATES: &str = "state/";
    pub(crate) const TICKS: &str = "tick/";
    pub(crate) const SENT: &str = "sent/";
    pub(crate) const ANSWERS: &str = "answer/";
    pub(crate) const QUESTIONS: &str = "question/";

    /// Numbers are written so that the keys are in their order.
    pub(crate) fn activation(id: u64) -> String {
        format!("{ACTIVATIONS}{id:016x}")
    }

    /// The begin of the keys of all calls of an activation.
    pub(crate) fn calls_of(activation: u64) -> String {
        format!("{CALLS}{activation:016x}/")
    }

    pub(crate) fn item(position: u64) -> String {
        format!("{ITEMS}{position:016x}")
    }

    pub(crate) fn history(position: u64) -> String {
        format!("{HISTORY}{position:016x}")
    }

    pub(crate) fn state(name: &str) -> String {
        format!("{STATES}{name}")
    }

    pub(crate) fn tick(every: usize) -> String {
        format!("{TICKS}{every:016x}")
    }

    pub(crate) fn sent(by: &str) -> String {
        format!("{SENT}{by}")
    }

    pub(crate) fn answer(number: u64) -> String {
        format!("{ANSWERS}{number:016x}")
    }

    pub(crate) fn question(number: u64) -> String {
        format!("{QUESTIONS}{number:016x}")
    }

    /// The number at the end of a key.
    pub(crate) fn number(key: &str) -> Option<u64> {
        let (_, number) = key.rsplit_once('/')?;
        u64::from_str_radix(number, 16).ok()
    }
}
