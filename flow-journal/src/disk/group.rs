//! What the writer makes durable together.

use std::collections::{HashMap, HashSet};
use std::time::SystemTime;

use fjall::{Keyspace, PersistMode, UserKey, UserValue};
use flow_core::durable::{Phase, Unavailable};

use crate::disk::database::{State, Tables, unavailable};
use crate::disk::keys;
use crate::disk::prepared::{Prepared, RowChange};
use crate::scan;

/// Which table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Table {
    Rows,
    Executions,
    Unfinished,
    Over,
    Purged,
}

impl Table {
    fn of(self, tables: &Tables) -> &Keyspace {
        match self {
            Self::Rows => &tables.rows,
            Self::Executions => &tables.executions,
            Self::Unfinished => &tables.unfinished,
            Self::Over => &tables.over,
            Self::Purged => &tables.purged,
        }
    }
}

struct Entry {
    table: Table,
    key: UserKey,
    /// `None` if it is removed.
    value: Option<UserValue>,
}

/// Changes of the tables, in their order.
#[derive(Default)]
pub(super) struct Group {
    entries: Vec<Entry>,
    size: usize,
    /// The states that were changed.
    states: HashMap<UserKey, Option<State>>,
    /// The hashes of the executions that have a part in it.
    executions: HashSet<u64>,
    /// Two entries may have one key.
    may_repeat: bool,
}

impl Group {
    pub(super) fn size(&self) -> usize {
        self.size
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn put(&mut self, table: Table, key: impl Into<UserKey>, value: impl Into<UserValue>) {
        let (key, value) = (key.into(), value.into());
        self.size += key.len() + value.len();
        let value = Some(value);
        self.entries.push(Entry { table, key, value });
    }

    fn delete(&mut self, table: Table, key: impl Into<UserKey>) {
        let key = key.into();
        self.size += key.len();
        let value = None;
        self.entries.push(Entry { table, key, value });
    }

    fn delete_rows(&mut self, tables: &Tables, prefix: &[u8]) -> Result<(), Unavailable> {
        // What was put in this group goes without a trace, unless it is in the table as well.
        self.entries.retain(|entry| {
            entry.table != Table::Rows || entry.value.is_none() || !entry.key.starts_with(prefix)
        });
        self.may_repeat = true;
        for entry in tables.rows.prefix(prefix) {
            self.delete(Table::Rows, entry.key().map_err(unavailable)?);
        }
        Ok(())
    }

    pub(super) fn state(
        &self,
        tables: &Tables,
        execution: &[u8],
    ) -> Result<Option<State>, Unavailable> {
        match self.states.get(execution) {
            Some(state) => Ok(*state),
            None => tables.state(execution),
        }
    }

    /// The execution is in this state from now on.
    fn set_state(
        &mut self,
        tables: &Tables,
        execution: &UserKey,
        state: State,
    ) -> Result<(), Unavailable> {
        match self.state(tables, execution)? {
            Some(State::Over(since)) => self.delete(Table::Over, keys::at(since, execution)),
            Some(State::Purged(since)) => self.delete(Table::Purged, keys::at(since, execution)),
            Some(State::Unfinished) | None => {}
        }
        match state {
            State::Unfinished => self.put(Table::Unfinished, execution.clone(), []),
            State::Over(since) => self.put(Table::Over, keys::at(since, execution), []),
            State::Purged(since) => self.put(Table::Purged, keys::at(since, execution), []),
        }
        if state != State::Unfinished {
            self.delete(Table::Unfinished, execution.clone());
        }
        self.put(Table::Executions, execution.clone(), state.to_bytes());
        self.states.insert(execution.clone(), Some(state));
        Ok(())
    }

    /// Adds a commit of an execution.
    pub(super) fn add(&mut self, tables: &Tables, commit: Prepared) -> Result<(), Unavailable> {
        self.may_repeat |= !self.executions.insert(commit.hash);
        if let Some(phase) = commit.phase {
            let now = keys::millis(SystemTime::now());
            let state = match phase {
                Phase::Begun => State::Unfinished,
                Phase::Over => State::Over(now),
                Phase::Purged => State::Purged(now),
            };
            self.set_state(tables, &commit.execution, state)?;
        }
        for change in commit.changes {
            match change {
                RowChange::Put(key, value) => self.put(Table::Rows, key, value),
                RowChange::Delete(key) => self.delete(Table::Rows, key),
                RowChange::DeleteAll(prefix) => self.delete_rows(tables, &prefix)?,
            }
        }
        Ok(())
    }

    /// Forgets an execution that was purged at this time.
    pub(super) fn forget(
        &mut self,
        tables: &Tables,
        execution: &[u8],
        since: u64,
    ) -> Result<(), Unavailable> {
        self.delete_rows(tables, execution)?;
        self.delete(Table::Executions, execution);
        self.delete(Table::Purged, keys::at(since, execution));
        self.states.insert(execution.into(), None);
        Ok(())
    }

    /// Makes it durable.
    pub(super) fn write(mut self, tables: &Tables) -> Result<(), Unavailable> {
        if self.may_repeat {
            self.keep_last();
        }
        let database = &tables.database;
        let mut batch = database.batch().durability(Some(PersistMode::SyncData));
        for Entry { table, key, value } in self.entries {
            let table = table.of(tables);
            match value {
                Some(value) => batch.insert(table, key, value),
                None => batch.remove(table, key),
            }
        }
        // The number that the commit gets is in no sum of the log, and if it were taken for a lower
        // one, the commit for one that is in the tables. It is this one, or a bit greater.
        let least = database.seqno().to_be_bytes();
        batch.insert(&tables.marks, scan::LEAST_SEQUENCE, least);
        batch.commit().map_err(unavailable)
    }

    /// Keeps of each key the last entry: the database has one of a key in a batch.
    fn keep_last(&mut self) {
        self.entries.reverse();
        self.entries
            .sort_by(|one, other| (one.table, &one.key).cmp(&(other.table, &other.key)));
        self.entries
            .dedup_by(|later, first| (later.table, &later.key) == (first.table, &first.key));
    }
}
