//! A measured system: its name, and its implementation of each case.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use crate::case::Case;

/// The role of a system in the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Ours,
    Peer,
    /// Code by hand, without a framework. It may be faster than flow.
    Floor,
}

type Running<T> = Pin<Box<dyn Future<Output = T>>>;

/// The implementation of a case.
pub(crate) enum Work {
    /// Repeats the case this many times, and returns the duration without preparations.
    Timed(Box<dyn Fn(u32) -> Running<Duration>>),
    /// Starts this many executions, and returns an owner of them as soon as all wait.
    Held(Box<dyn Fn(u32) -> Running<Box<dyn Any>>>),
}

/// A row of the table.
pub(crate) struct System {
    pub(crate) name: String,
    pub(crate) role: Role,
    /// The cases that the system supports.
    pub(crate) works: BTreeMap<Case, Work>,
}

impl System {
    pub(crate) fn new(role: Role, name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            role,
            works: BTreeMap::new(),
        }
    }

    /// Adds a case that takes time.
    pub(crate) fn timed<F>(mut self, case: Case, work: impl Fn(u32) -> F + 'static) -> Self
    where
        F: Future<Output = Duration> + 'static,
    {
        let work = Work::Timed(Box::new(move |times| Box::pin(work(times))));
        self.works.insert(case, work);
        self
    }

    /// Adds a case that takes memory.
    pub(crate) fn held<F>(mut self, case: Case, work: impl Fn(u32) -> F + 'static) -> Self
    where
        F: Future<Output: 'static> + 'static,
    {
        let work = Work::Held(Box::new(move |times| {
            let running = work(times);
            Box::pin(async { Box::new(running.await) as Box<dyn Any> })
        }));
        self.works.insert(case, work);
        self
    }
}

impl fmt::Debug for System {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("System").field(&self.name).finish()
    }
}
