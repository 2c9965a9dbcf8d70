//! A record of what the handlers did.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use flow_core::lifecycle::LifecycleEvent;

use crate::plan::Kind;

static STEPS: AtomicU64 = AtomicU64::new(0);

/// The number of steps that all scripts have run, in all cases.
pub(crate) fn steps() -> u64 {
    STEPS.load(Ordering::Relaxed)
}

/// The handler or task that runs a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Who {
    Begin,
    PlainOne,
    PlainTwo,
    MeetLeft,
    MeetRight,
    First,
    Second,
    Third,
    Console,
    Parts,
    Part,
    Poked,
    Finish,
    Task,
}

/// An item, identified by its source and its number there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Item {
    pub(crate) id: usize,
    pub(crate) who: Who,
    /// The index, for a `Part`.
    pub(crate) part: usize,
    pub(crate) n: usize,
}

#[derive(Clone, Default)]
pub(crate) struct World(Arc<Record>);

#[derive(Default)]
pub(crate) struct Record {
    /// The handlers and the waiting events.
    pub(crate) inside: AtomicUsize,
    pub(crate) tasks: AtomicUsize,
    pub(crate) over: AtomicBool,
    pub(crate) polled_after_the_end: AtomicUsize,
    pub(crate) fails: AtomicUsize,
    pub(crate) panics: AtomicUsize,
    pub(crate) stops: AtomicUsize,
    pub(crate) finishes: AtomicUsize,
    pub(crate) puts: AtomicUsize,
    pub(crate) puts_of_tasks: AtomicUsize,
    pub(crate) emitted: Mutex<Vec<(Kind, usize)>>,
    pub(crate) delivered: Mutex<HashMap<(Who, usize), usize>>,
    /// The number of parts of each `Many`.
    pub(crate) pieces: Mutex<HashMap<usize, usize>>,
    pub(crate) told: Mutex<Vec<LifecycleEvent>>,
    /// The clock is paused.
    pub(crate) paused: AtomicBool,
}

impl std::ops::Deref for World {
    type Target = Record;

    fn deref(&self) -> &Record {
        &self.0
    }
}

pub(crate) fn count(counter: &AtomicUsize) {
    counter.fetch_add(1, Ordering::SeqCst);
}

pub(crate) fn read(counter: &AtomicUsize) -> usize {
    counter.load(Ordering::SeqCst)
}

impl World {
    pub(crate) fn step() {
        STEPS.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn delivered(&self, who: Who, id: usize) {
        *self.delivered.lock().unwrap().entry((who, id)).or_default() += 1;
    }

    pub(crate) fn polled(&self) {
        if self.over.load(Ordering::SeqCst) {
            count(&self.polled_after_the_end);
        }
    }

    pub(crate) fn guard(&self) -> Inside {
        count(&self.inside);
        Inside(self.clone())
    }

    pub(crate) fn task(&self) -> OfTask {
        count(&self.tasks);
        OfTask(self.clone())
    }
}

/// A guard of a value that must be dropped by the end.
pub(crate) struct Inside(World);

impl Drop for Inside {
    fn drop(&mut self) {
        self.0.inside.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Clone for Inside {
    fn clone(&self) -> Self {
        self.0.guard()
    }
}

/// A guard of a task, which does not belong to the execution.
pub(crate) struct OfTask(World);

impl Drop for OfTask {
    fn drop(&mut self) {
        self.0.tasks.fetch_sub(1, Ordering::SeqCst);
    }
}
