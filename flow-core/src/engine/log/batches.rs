//! What an execution and the executions of its stages write into one store.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

use crate::engine::log::clock::WallClock;
use crate::error::FlowError;
use crate::macro_support::durable::outside::QuestionCodec;
use crate::records::commit::{Change, Commit};
use crate::records::key;
use crate::records::live_rows::LiveRows;
use crate::records::question::QuestionRow;
use crate::sync::{Mutex, MutexGuard};

/// The batches of an execution. Only the thread that polls it has access, and the lock is never
/// contended.
pub(crate) struct Log {
    pub(in crate::engine) clock: WallClock,
    state: Mutex<State>,
    /// How many calls of handlers run.
    calls: AtomicUsize,
    /// No further one begins.
    closes: AtomicBool,
    /// Those that are about to begin wait.
    is_held: AtomicBool,
}

/// What is behind the lock.
pub(in crate::engine) struct State {
    /// What was changed since a batch was last taken.
    pub(in crate::engine) changes: Vec<Change>,
    live: LiveRows,
    /// Something is held back until the open batch is durable.
    pub(in crate::engine) holds: bool,
    /// How many batches were taken, and how many of these are durable.
    taken: u64,
    acked: u64,
    /// The tasks that wait for a batch to be durable.
    pub(in crate::engine) tasks: Vec<Waker>,
    /// Those that wait to begin a call.
    held: Vec<Waker>,
    /// The calls that have put items before a crash and are repeated.
    pub(in crate::engine) restarted: Vec<String>,
    pub(in crate::engine) questions: Questions,
    /// Why the execution cannot go on with what is in the store. That is left as it is.
    pub(in crate::engine) refused: Option<FlowError>,
}

/// The questions of the execution and of its stages, which are numbered together.
#[derive(Default)]
pub(in crate::engine) struct Questions {
    /// The number of the next one.
    pub(in crate::engine) next: u64,
    /// The next one, as the store has it.
    written: u64,
    /// Those that wait, with their codecs once they were asked again after a crash.
    pub(in crate::engine) waiting: BTreeMap<u64, (QuestionRow, Option<&'static QuestionCodec>)>,
    /// When the reminders of those tick next, in milliseconds since 1970.
    pub(in crate::engine) reminders: BTreeMap<u64, u64>,
    /// The batches in which the replies to stages came, until these go on.
    pub(in crate::engine) replied: BTreeMap<u64, u64>,
    /// The answers that were taken.
    pub(in crate::engine) answered: BTreeMap<u64, Vec<u8>>,
}

impl Log {
    pub(in crate::engine) fn new(clock: WallClock, live: LiveRows) -> Self {
        Self {
            clock,
            state: Mutex::new(State {
                changes: Vec::new(),
                live,
                holds: false,
                taken: 0,
                acked: 0,
                tasks: Vec::new(),
                held: Vec::new(),
                restarted: Vec::new(),
                questions: Questions::default(),
                refused: None,
            }),
            calls: AtomicUsize::new(0),
            closes: AtomicBool::new(false),
            is_held: AtomicBool::new(false),
        }
    }

    /// Calls of handlers wait until they are [let](Self::let_begin) begin.
    pub(crate) fn hold_calls(&self) {
        self.is_held.store(true, Ordering::Relaxed);
    }

    /// Whether a call waits to begin.
    pub(crate) fn holds_call(&self) -> bool {
        self.is_held.load(Ordering::Relaxed) && !self.lock().held.is_empty()
    }

    /// Calls may begin.
    pub(crate) fn let_begin(&self) {
        self.is_held.store(false, Ordering::Relaxed);
        let held = std::mem::take(&mut self.lock().held);
        for task in held {
            task.wake();
        }
    }

    /// Ready when a call may begin.
    pub(in crate::engine) fn poll_begin(&self, cx: &Context<'_>) -> Poll<()> {
        if !self.is_held.load(Ordering::Relaxed) {
            return Poll::Ready(());
        }
        self.lock().held.push(cx.waker().clone());
        Poll::Pending
    }

    /// No call of a handler begins from now on.
    pub(crate) fn close(&self) {
        self.closes.store(true, Ordering::Relaxed);
    }

    pub(in crate::engine) fn closes(&self) -> bool {
        self.closes.load(Ordering::Relaxed)
    }

    /// A call of a handler begins.
    pub(in crate::engine) fn call_begins(&self) {
        self.calls.fetch_add(1, Ordering::Relaxed);
    }

    /// It is over, or was dropped.
    pub(in crate::engine) fn call_ends(&self) {
        self.calls.fetch_sub(1, Ordering::Relaxed);
    }

    /// Whether a call of a handler runs.
    pub(crate) fn has_calls(&self) -> bool {
        self.calls.load(Ordering::Relaxed) > 0
    }

    pub(in crate::engine) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes rows.
    pub(in crate::engine) fn write(&self, change: Change) {
        self.lock().changes.push(change);
    }

    /// Whether anything was changed, or is held back, since a batch was last taken.
    pub(crate) fn has_batch(&self) -> bool {
        self.lock().has_batch()
    }

    /// Takes what was changed since the last call, and adds what is no part of a batch. The next
    /// batch may be taken before this one is durable.
    pub(crate) fn take(&self, others: Vec<Change>) -> Commit {
        self.lock().take(others)
    }

    /// The oldest batch that was taken is durable.
    pub(crate) fn ack(&self) {
        let tasks = {
            let mut state = self.lock();
            state.acked += 1;
            std::mem::take(&mut state.tasks)
        };
        for task in tasks {
            task.wake();
        }
    }

    /// How many batches are durable.
    pub(in crate::engine) fn acked(&self) -> u64 {
        self.lock().acked
    }

    /// Whether anything is not durable yet.
    pub(in crate::engine) fn is_awaited(&self) -> bool {
        let state = self.lock();
        state.holds || !state.changes.is_empty() || state.acked < state.taken
    }

    /// The execution cannot go on with what is in its store. The first reason counts.
    pub(in crate::engine) fn refuse(&self, error: FlowError) {
        self.lock().refused.get_or_insert(error);
    }

    /// Why the execution cannot go on.
    pub(crate) fn refused(&self) -> Option<FlowError> {
        self.lock().refused.clone()
    }

    /// The calls that are repeated after they have put items.
    pub(crate) fn take_restarted(&self) -> Vec<String> {
        std::mem::take(&mut self.lock().restarted)
    }
}

impl State {
    /// The number of the batch that is open now.
    pub(in crate::engine) fn open_batch(&self) -> u64 {
        self.taken + 1
    }

    /// A question waits no more: its rows go. Returns what was recorded of it.
    pub(in crate::engine) fn question_is_over(&mut self, number: u64) -> Option<QuestionRow> {
        self.changes.push(Change::Delete(key::question(number)));
        self.set_reminder(number, None);
        let (row, _) = self.questions.waiting.remove(&number)?;
        Some(row)
    }

    /// The reminder of a question ticks next at this time.
    pub(in crate::engine) fn set_reminder(&mut self, question: u64, next: Option<u64>) {
        let key = key::reminder(question);
        if let Some(next) = next {
            self.questions.reminders.insert(question, next);
            let next = next.to_be_bytes().to_vec();
            self.changes.push(Change::Put(key, next));
        } else if self.questions.reminders.remove(&question).is_some() {
            self.changes.push(Change::Delete(key));
        }
    }

    fn has_batch(&self) -> bool {
        self.holds || !self.changes.is_empty()
    }

    fn take(&mut self, others: Vec<Change>) -> Commit {
        let mut changes = Vec::new();
        if self.has_batch() {
            self.holds = false;
            self.taken += 1;
            changes = std::mem::take(&mut self.changes);
            if self.questions.written != self.questions.next {
                // A number is never given twice.
                self.questions.written = self.questions.next;
                let next = self.questions.next.to_be_bytes().to_vec();
                changes.push(Change::Put(key::NEXT_QUESTION.to_owned(), next));
            }
        }
        changes.extend(others);
        self.live.commit(changes)
    }
}

impl Questions {
    /// The numbers before this one were given before a crash.
    pub(in crate::engine) fn begin_at(&mut self, number: u64) {
        (self.next, self.written) = (number, number);
    }
}
