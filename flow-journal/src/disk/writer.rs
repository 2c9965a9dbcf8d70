//! The one writer of a journal. It makes durable together what has come while it was waiting for
//! the disk.

use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, SystemTime};

use fjall::{Keyspace, PersistMode};
use flow_core::durable::{Change, Commit, ExecutionName, Phase, Unavailable};
use tokio::sync::{oneshot, watch};

use crate::disk::database::{State, Tables, unavailable};
use crate::disk::keys;
use crate::scan;

/// A group of commits takes no further one when it has so many bytes.
const LARGEST_GROUP: usize = 8 << 20;

/// When nothing has come for this long, the log is marked: what is damaged before a mark is known
/// to be damaged, and not taken for a write that a crash has cut short.
const MARK_AFTER: Duration = Duration::from_millis(20);

/// How many executions are purged at a time.
const CLEANED: usize = 256;

/// The longest key that the database takes.
const LONGEST_KEY: usize = u16::MAX as usize;

/// Is told whether a group is durable.
type Told = Box<dyn FnOnce(Result<(), Unavailable>) + Send>;

type Reply<T = ()> = oneshot::Sender<Result<T, Unavailable>>;

pub(super) enum Message {
    Commit {
        name: ExecutionName,
        commit: Commit,
        reply: Reply,
    },
    /// What was committed of it before is durable when the reply comes.
    Load {
        name: ExecutionName,
        reply: Reply,
    },
    /// Purge what was over before, and forget what was purged before. Replies whether there is
    /// more.
    Clean {
        over_before: u64,
        purged_before: u64,
        reply: Reply<bool>,
    },
    Close {
        reply: Reply,
    },
}

pub(super) struct Writer {
    tables: Arc<Tables>,
    messages: Receiver<Message>,
    /// The executions of which a commit has failed since they were loaded.
    refused: HashSet<ExecutionName>,
    is_marked: bool,
    failed: Failed,
}

/// Tells why the writer has stopped, also if that was a panic.
struct Failed(watch::Sender<Option<Unavailable>>);

impl Drop for Failed {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0
                .send_replace(Some(Unavailable::new("the writer of the journal panicked")));
        }
    }
}

/// Which table.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Table {
    Rows,
    Executions,
    Unfinished,
    Over,
    Purged,
    Marks,
}

impl Table {
    fn of(self, tables: &Tables) -> &Keyspace {
        match self {
            Self::Rows => &tables.rows,
            Self::Executions => &tables.executions,
            Self::Unfinished => &tables.unfinished,
            Self::Over => &tables.over,
            Self::Purged => &tables.purged,
            Self::Marks => &tables.marks,
        }
    }
}

/// What is made durable together: of each key its last value.
#[derive(Default)]
struct Group {
    entries: HashMap<(Table, Vec<u8>), Option<Vec<u8>>>,
    size: usize,
}

impl Group {
    fn put(&mut self, table: Table, key: Vec<u8>, value: Vec<u8>) {
        self.size += key.len() + value.len();
        self.entries.insert((table, key), Some(value));
    }

    fn delete(&mut self, table: Table, key: Vec<u8>) {
        self.size += key.len();
        self.entries.insert((table, key), None);
    }

    fn delete_rows(&mut self, tables: &Tables, prefix: &[u8]) -> Result<(), Unavailable> {
        // What was put in this group goes without a trace, unless it is in the table as well.
        self.entries.retain(|(table, key), value| {
            *table != Table::Rows || value.is_none() || !key.starts_with(prefix)
        });
        for entry in tables.rows.prefix(prefix) {
            let key = entry.key().map_err(unavailable)?;
            self.delete(Table::Rows, key.to_vec());
        }
        Ok(())
    }

    fn state(&self, tables: &Tables, execution: &[u8]) -> Result<Option<State>, Unavailable> {
        let own = self.entries.get(&(Table::Executions, execution.to_vec()));
        match own {
            Some(state) => Ok(state.as_deref().and_then(State::from_bytes)),
            None => tables.state(execution),
        }
    }

    /// The execution is in this state from now on.
    fn set_state(
        &mut self,
        tables: &Tables,
        execution: &[u8],
        state: State,
    ) -> Result<(), Unavailable> {
        match self.state(tables, execution)? {
            Some(State::Over(since)) => self.delete(Table::Over, keys::at(since, execution)),
            Some(State::Purged(since)) => self.delete(Table::Purged, keys::at(since, execution)),
            Some(State::Unfinished) | None => {}
        }
        match state {
            State::Unfinished => self.put(Table::Unfinished, execution.to_vec(), Vec::new()),
            State::Over(since) => self.put(Table::Over, keys::at(since, execution), Vec::new()),
            State::Purged(since) => self.put(Table::Purged, keys::at(since, execution), Vec::new()),
        }
        if state != State::Unfinished {
            self.delete(Table::Unfinished, execution.to_vec());
        }
        self.put(Table::Executions, execution.to_vec(), state.to_bytes());
        Ok(())
    }

    /// Adds a commit of an execution.
    fn add(
        &mut self,
        tables: &Tables,
        execution: &[u8],
        commit: &Commit,
    ) -> Result<(), Unavailable> {
        if let Some(phase) = commit.phase() {
            let now = keys::millis(SystemTime::now());
            let state = match phase {
                Phase::Begun => State::Unfinished,
                Phase::Over => State::Over(now),
                Phase::Purged => State::Purged(now),
            };
            self.set_state(tables, execution, state)?;
        }
        for change in commit.changes() {
            match change {
                Change::Put(key, value) => {
                    self.put(Table::Rows, keys::row(execution, key), value.clone());
                }
                Change::Delete(key) => self.delete(Table::Rows, keys::row(execution, key)),
                Change::DeleteAll(prefix) => {
                    self.delete_rows(tables, &keys::row(execution, prefix))?;
                }
            }
        }
        Ok(())
    }
}

impl Writer {
    pub(super) fn spawn(
        tables: Arc<Tables>,
        messages: Receiver<Message>,
        failed: watch::Sender<Option<Unavailable>>,
    ) -> io::Result<()> {
        let writer = Self {
            tables,
            messages,
            refused: HashSet::new(),
            is_marked: true,
            failed: Failed(failed),
        };
        let thread = thread::Builder::new().name("flow-journal".to_owned());
        thread.spawn(|| writer.run()).map(drop)
    }

    fn run(mut self) {
        while let Some(first) = self.next() {
            let mut group = Group::default();
            let mut made = Vec::new();
            let mut closes = Vec::new();
            let mut next = Some(first);
            while let Some(message) = next.take() {
                match message {
                    Message::Close { reply } => closes.push(reply),
                    message => {
                        if let Err(error) = self.take(message, &mut group, &mut made) {
                            return self.fail(&error, made);
                        }
                    }
                }
                if closes.is_empty() && group.size < LARGEST_GROUP {
                    next = self.messages.try_recv().ok();
                }
            }
            if let Err(error) = self.write(group) {
                return self.fail(&error, made);
            }
            for reply in made {
                reply(Ok(()));
            }
            if !closes.is_empty() {
                let marked = self.mark();
                let reply = marked.clone();
                if let Err(error) = marked {
                    self.fail(&error, Vec::new());
                } else {
                    // The directory is free when the reply comes.
                    drop(self);
                }
                for close in closes {
                    let _nobody_waits = close.send(reply.clone());
                }
                return;
            }
        }
        // What is not marked is durable all the same.
        let _marked = self.mark();
    }

    /// The next message. `None` if there will be none.
    fn next(&mut self) -> Option<Message> {
        if self.is_marked {
            return self.messages.recv().ok();
        }
        match self.messages.recv_timeout(MARK_AFTER) {
            Ok(message) => Some(message),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => {
                if let Err(error) = self.mark() {
                    self.failed.0.send_replace(Some(error));
                    return None;
                }
                self.messages.recv().ok()
            }
        }
    }

    /// Adds what a message asks for to the group, and the reply to those that are due when it is
    /// durable. An error ends the writer.
    fn take(
        &mut self,
        message: Message,
        group: &mut Group,
        made: &mut Vec<Told>,
    ) -> Result<(), Unavailable> {
        match message {
            Message::Commit {
                name,
                commit,
                reply,
            } => {
                if let Err(error) = self.check(&name, &commit) {
                    self.refused.insert(name);
                    let _nobody_waits = reply.send(Err(error));
                    return Ok(());
                }
                made.push(Box::new(|made| drop(reply.send(made))));
                group.add(&self.tables, &keys::execution(&name), &commit)
            }
            Message::Load { name, reply } => {
                self.refused.remove(&name);
                made.push(Box::new(|made| drop(reply.send(made))));
                Ok(())
            }
            Message::Clean {
                over_before,
                purged_before,
                reply,
            } => {
                let cleaned = self.clean(group, over_before, purged_before);
                let (has_more, error) = match cleaned {
                    Ok(has_more) => (has_more, None),
                    Err(error) => (false, Some(error)),
                };
                made.push(Box::new(move |made| {
                    drop(reply.send(made.map(|()| has_more)));
                }));
                error.map_or(Ok(()), Err)
            }
            // The caller has taken it.
            Message::Close { .. } => Ok(()),
        }
    }

    fn check(&self, name: &ExecutionName, commit: &Commit) -> Result<(), Unavailable> {
        if self.refused.contains(name) {
            return Err(Unavailable::new("a commit of the execution has failed"));
        }
        let execution = keys::execution(name).len();
        let is_too_long = |change: &Change| {
            let (Change::Put(key, _) | Change::Delete(key) | Change::DeleteAll(key)) = change;
            // An index has it with a time before it.
            execution + key.len() + size_of::<u64>() > LONGEST_KEY
        };
        if commit.changes().any(is_too_long) {
            let why = format!(
                "the id of the execution, or a key in it, is longer than {LONGEST_KEY} bytes"
            );
            return Err(Unavailable::new(why));
        }
        Ok(())
    }

    /// Returns whether there is more.
    fn clean(
        &self,
        group: &mut Group,
        over_before: u64,
        purged_before: u64,
    ) -> Result<bool, Unavailable> {
        let tables = &*self.tables;
        let mut count = 0;
        for (table, before) in [(Table::Over, over_before), (Table::Purged, purged_before)] {
            let until = keys::at(before, &[]);
            for entry in table.of(tables).range(..until).take(CLEANED) {
                count += 1;
                let key = entry.key().map_err(unavailable)?;
                let Some((since, execution)) = keys::read_at(&key) else {
                    continue;
                };
                // It may have changed in this group.
                let state = group.state(tables, execution)?;
                if state == Some(State::Over(since)) {
                    group.add(tables, execution, &Commit::purge())?;
                } else if state == Some(State::Purged(since)) {
                    group.delete_rows(tables, execution)?;
                    group.delete(Table::Executions, execution.to_vec());
                    group.delete(Table::Purged, key.to_vec());
                }
            }
        }
        Ok(count >= CLEANED)
    }

    /// Makes a group durable.
    fn write(&mut self, group: Group) -> Result<(), Unavailable> {
        if group.entries.is_empty() {
            return Ok(());
        }
        self.commit(group)?;
        self.is_marked = false;
        Ok(())
    }

    /// Marks the log: what is before the mark was durable.
    fn mark(&mut self) -> Result<(), Unavailable> {
        if self.is_marked {
            return Ok(());
        }
        self.commit(Group::default())?;
        self.is_marked = true;
        Ok(())
    }

    fn commit(&self, mut group: Group) -> Result<(), Unavailable> {
        let database = &self.tables.database;
        // The number that the commit gets is in no sum of the log, and if it were taken for a lower
        // one, the commit for one that is in the tables. It is this one, or a bit greater.
        let least = database.seqno().to_be_bytes().to_vec();
        group.put(Table::Marks, scan::LEAST_SEQUENCE.to_vec(), least);
        let mut batch = database.batch().durability(Some(PersistMode::SyncData));
        for ((table, key), value) in group.entries {
            let table = table.of(&self.tables);
            match value {
                Some(value) => batch.insert(table, key, value),
                None => batch.remove(table, key),
            }
        }
        batch.commit().map_err(unavailable)
    }

    /// Stops: nothing is durable from now on, and everyone is told.
    fn fail(&self, error: &Unavailable, made: Vec<Told>) {
        self.failed.0.send_replace(Some(error.clone()));
        for reply in made {
            reply(Err(error.clone()));
        }
        // Those that wait in the channel are told when it is dropped.
    }
}
