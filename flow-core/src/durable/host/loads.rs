//! How often an execution was loaded since it last got on: each time but the last one, the process
//! has died.

use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Sleep, sleep};

use crate::records::commit::{Change, Commit};
use crate::records::key;
use crate::records::rows::Rows;

/// From this many on, such executions run one at a time, to find out which of them it is.
const SUSPICIOUS: u32 = 2;

/// From this many on, the execution is not loaded any more.
const TOO_MANY: u32 = 5;

/// How long an execution that is under suspicion keeps the others waiting.
const PROBATION: Duration = Duration::from_secs(10);

pub(super) struct Loads {
    /// What was counted before this one.
    before: u32,
    /// This one is in the row.
    is_marked: bool,
    /// There is a row.
    has_row: bool,
    turn: Option<Turn>,
}

/// It runs, and the others under suspicion do not.
struct Turn {
    #[allow(dead_code, reason = "its drop ends the turn")]
    permit: OwnedSemaphorePermit,
    ends: Pin<Box<Sleep>>,
}

impl Loads {
    /// The change with which a new execution begins.
    pub(super) fn first() -> Change {
        Change::Put(key::LOADS.to_owned(), vec![1])
    }

    pub(super) fn read(rows: &Rows, is_new: bool) -> Self {
        let row = rows.get(key::LOADS);
        let count = row
            .and_then(|row| row.first().copied())
            .map_or(0, u32::from);
        Self {
            before: if is_new { 0 } else { count },
            is_marked: is_new,
            has_row: row.is_some(),
            turn: None,
        }
    }

    /// Whether anything was counted.
    pub(super) fn has_row(&self) -> bool {
        self.has_row
    }

    pub(super) fn count(&self) -> u32 {
        self.before
    }

    pub(super) fn are_too_many(&self) -> bool {
        self.before >= TOO_MANY
    }

    pub(super) fn are_suspicious(&self) -> bool {
        self.before >= SUSPICIOUS
    }

    /// Waits until no other execution under suspicion runs.
    pub(super) async fn wait_for_turn(&mut self, suspects: &Arc<Semaphore>) {
        let permit = Arc::clone(suspects).acquire_owned().await;
        // It is never closed.
        self.turn = permit.ok().map(|permit| Turn {
            permit,
            ends: Box::pin(sleep(PROBATION)),
        });
    }

    /// Ends the turn when it has taken too long: the execution may wait for another one.
    pub(super) fn poll_turn(&mut self, cx: &mut Context<'_>) {
        let is_over = |turn: &mut Turn| turn.ends.as_mut().poll(cx).is_ready();
        if self.turn.as_mut().is_some_and(is_over) {
            self.turn = None;
        }
    }

    /// The change that counts this load, unless it is counted.
    pub(super) fn mark(&mut self) -> Option<Change> {
        if self.is_marked {
            return None;
        }
        self.is_marked = true;
        self.has_row = true;
        let count = u8::try_from(self.before + 1).unwrap_or(u8::MAX);
        Some(Change::Put(key::LOADS.to_owned(), vec![count]))
    }

    /// The change that forgets what was counted before.
    pub(super) fn forgotten(&mut self) -> Change {
        self.before = 0;
        self.has_row = false;
        self.turn = None;
        Change::Delete(key::LOADS.to_owned())
    }

    /// The change that goes with a commit of the execution. With a call that has ended, it has got
    /// on.
    pub(super) fn with(&mut self, commit: &Commit) -> Option<Change> {
        if commit.told().any(is_progress) {
            self.is_marked = true;
            return self.has_row.then(|| self.forgotten());
        }
        self.mark()
    }

    /// The change with which the execution leaves the memory in peace.
    pub(super) fn leave(&mut self) -> Option<Change> {
        self.has_row.then(|| self.forgotten())
    }
}

fn is_progress(change: &Change) -> bool {
    match change {
        Change::Put(key, _) => key.starts_with(key::CALLS) || key == key::OUTCOME,
        Change::Delete(key) | Change::DeleteAll(key) => {
            key.starts_with(key::ACTIVATIONS) || key.starts_with(key::CALLS)
        }
    }
}

impl std::fmt::Debug for Loads {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Loads")
            .field("before", &self.before)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{Loads, TOO_MANY};
    use crate::records::commit::{Change, Commit};
    use crate::records::key;
    use crate::records::rows::Rows;

    fn load(rows: &Rows) -> Loads {
        Loads::read(rows, false)
    }

    fn apply(rows: &mut Rows, change: Option<Change>) {
        rows.apply(Commit::from(Vec::from_iter(change)));
    }

    #[test]
    fn loads_without_progress_are_counted() {
        let mut rows = Rows::default();
        apply(&mut rows, Some(Loads::first()));
        assert!(Loads::read(&rows, true).mark().is_none(), "it is counted");
        for count in 1..TOO_MANY {
            let mut loads = load(&rows);
            assert_eq!(loads.count(), count);
            assert_eq!(loads.are_suspicious(), count >= 2);
            assert!(!loads.are_too_many());
            apply(&mut rows, loads.mark());
            assert!(loads.mark().is_none(), "once");
        }
        assert!(load(&rows).are_too_many());
    }

    #[test]
    fn a_call_that_has_ended_and_a_peaceful_end_forget_them() {
        let item = Commit::from(vec![Change::Put(key::item(0), Vec::new())]);
        let call = Commit::from(vec![Change::Delete(key::activation(0))]);
        let mut rows = Rows::default();
        let mut loads = load(&rows);
        apply(&mut rows, loads.with(&item));
        assert_eq!(load(&rows).count(), 1);
        apply(&mut rows, loads.with(&call));
        assert!(rows.is_empty());
        assert!(loads.with(&item).is_none() && loads.leave().is_none());
        let mark = load(&rows).mark();
        apply(&mut rows, mark);
        let left = load(&rows).leave();
        apply(&mut rows, left);
        assert!(rows.is_empty());
    }
}
