//! The one writer of a journal. It makes durable together what has come while it was waiting for
//! the disk.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use flow_core::durable::{Commit, ExecutionName, Unavailable};
use tokio::sync::watch;

use crate::disk::database::{State, Tables, unavailable};
use crate::disk::due::{Due, Reply, Teller};
use crate::disk::group::Group;
use crate::disk::keys;
use crate::disk::prepared::Prepared;

/// A group of commits takes no further one when it has so many bytes.
const LARGEST_GROUP: usize = 8 << 20;

/// When nothing has come for this long, the log is marked: what is damaged before a mark is known
/// to be damaged, and not taken for a write that a crash has cut short.
const MARK_AFTER: Duration = Duration::from_millis(20);

/// How many executions are purged at a time.
const CLEANED: usize = 256;

pub(super) enum Message {
    Commit {
        name: ExecutionName,
        commit: Result<Prepared, Unavailable>,
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
    teller: Teller,
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

impl Writer {
    pub(super) fn spawn(
        tables: Arc<Tables>,
        messages: Receiver<Message>,
        teller: Teller,
        failed: watch::Sender<Option<Unavailable>>,
    ) -> io::Result<()> {
        let writer = Self {
            tables,
            messages,
            refused: HashSet::new(),
            is_marked: true,
            teller,
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
                if closes.is_empty() && group.size() < LARGEST_GROUP {
                    next = self.messages.try_recv().ok();
                }
            }
            if let Err(error) = self.write(group) {
                return self.fail(&error, made);
            }
            self.teller.tell(made);
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
        made: &mut Vec<Due>,
    ) -> Result<(), Unavailable> {
        match message {
            Message::Commit {
                name,
                commit,
                reply,
            } => {
                let commit = if self.refused.contains(&name) {
                    Err(Unavailable::new("a commit of the execution has failed"))
                } else {
                    commit
                };
                match commit {
                    Ok(commit) => {
                        made.push(Due::Made(reply));
                        group.add(&self.tables, commit)
                    }
                    Err(error) => {
                        self.refused.insert(name);
                        let _nobody_waits = reply.send(Err(error));
                        Ok(())
                    }
                }
            }
            Message::Load { name, reply } => {
                self.refused.remove(&name);
                made.push(Due::Made(reply));
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
                made.push(Due::Cleaned(reply, has_more));
                error.map_or(Ok(()), Err)
            }
            // The caller has taken it.
            Message::Close { .. } => Ok(()),
        }
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
        for (table, before) in [(&tables.over, over_before), (&tables.purged, purged_before)] {
            for entry in table.range(..keys::at(before, &[])).take(CLEANED) {
                count += 1;
                let key = entry.key().map_err(unavailable)?;
                let Some((since, execution)) = keys::read_at(&key) else {
                    continue;
                };
                // It may have changed in this group.
                let state = group.state(tables, execution)?;
                if state == Some(State::Over(since)) {
                    group.add(tables, Prepared::new(execution, &Commit::purge())?)?;
                } else if state == Some(State::Purged(since)) {
                    group.forget(tables, execution, since)?;
                }
            }
        }
        Ok(count >= CLEANED)
    }

    /// Makes a group durable.
    fn write(&mut self, group: Group) -> Result<(), Unavailable> {
        if group.is_empty() {
            return Ok(());
        }
        group.write(&self.tables)?;
        self.is_marked = false;
        Ok(())
    }

    /// Marks the log: what is before the mark was durable.
    fn mark(&mut self) -> Result<(), Unavailable> {
        if self.is_marked {
            return Ok(());
        }
        Group::default().write(&self.tables)?;
        self.is_marked = true;
        Ok(())
    }

    /// Stops: nothing is durable from now on, and everyone is told.
    fn fail(&self, error: &Unavailable, made: Vec<Due>) {
        self.failed.0.send_replace(Some(error.clone()));
        for due in made {
            due.send(Err(error.clone()));
        }
        // Those that wait in the channel are told when it is dropped.
    }
}
