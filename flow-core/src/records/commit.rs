//! What becomes durable together: changes of rows.

use crate::records::key;

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
    pub(super) changes: Vec<(Change, Part)>,
}

/// What a change of a commit is a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    All,
    /// What the history tells: the row was put and is gone again.
    Told,
    /// What is stored: the row is gone together with many others.
    Stored,
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
        let mut phases = self.changes().filter_map(|change| match change {
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
    pub fn changes(&self) -> impl DoubleEndedIterator<Item = &Change> {
        let stored = self.changes.iter().filter(|(_, part)| *part != Part::Told);
        stored.map(|(change, _)| change)
    }

    /// What has happened, in its order: also what was put and is gone again, and not each row that
    /// is gone because all of them are.
    pub(crate) fn told(&self) -> impl Iterator<Item = &Change> {
        let told = self.changes.iter();
        let told = told.filter(|(_, part)| *part != Part::Stored);
        told.map(|(change, _)| change)
    }

    pub(crate) fn add(&mut self, changes: impl IntoIterator<Item = Change>) {
        let changes = changes.into_iter();
        self.changes
            .extend(changes.map(|change| (change, Part::All)));
    }
}

impl From<Vec<Change>> for Commit {
    fn from(changes: Vec<Change>) -> Self {
        let mut commit = Self::default();
        commit.add(changes);
        commit
    }
}
