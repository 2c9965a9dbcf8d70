//! Where in its clause a call is.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::records::key;

/// How many `each` and `first` may be in one another.
const MAX_DEPTH: usize = 8;

/// The way to a call through the `each` and the `first` around it: the index of the item, or the
/// number of the branch.
#[derive(Clone, Copy, Debug, Default)]
pub struct CallPath {
    steps: [u32; MAX_DEPTH],
    depth: usize,
}

/// Where a clause begins: no `each` and no `first` is around a call. It takes no room in its
/// future.
#[derive(Clone, Copy, Debug)]
pub struct ClausePath;

impl ClausePath {
    /// The way on into this item or branch.
    #[must_use]
    pub fn into(self, step: u32) -> CallPath {
        CallPath::from(self).into(step)
    }
}

impl From<ClausePath> for CallPath {
    fn from(_begin: ClausePath) -> Self {
        Self::default()
    }
}

impl CallPath {
    /// The way on into this item or branch.
    #[must_use]
    pub fn into(mut self, step: u32) -> Self {
        // The macro refuses what is deeper.
        if let Some(next) = self.steps.get_mut(self.depth) {
            *next = step;
            self.depth += 1;
        }
        self
    }

    /// The begin of the keys of all calls on this way, in this activation.
    pub(crate) fn keys(&self, activation: u64) -> String {
        let mut key = key::calls_of(activation);
        for step in self.steps.iter().take(self.depth) {
            // Writing to a `String` does not fail.
            let _ = write!(key, "{step}/");
        }
        key
    }
}

/// The numbers of the items of an `each`, in the order in which their routes begin.
#[derive(Debug, Default)]
pub struct ItemNumbers(AtomicU32);

impl ItemNumbers {
    #[must_use]
    pub const fn new() -> Self {
        Self(AtomicU32::new(0))
    }

    pub fn next(&self) -> u32 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

/// A call in its clause: the way to it, and its name there.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    path: CallPath,
    name: &'static str,
}

impl Place {
    #[must_use]
    pub fn new(path: impl Into<CallPath>, name: &'static str) -> Self {
        let path = Into::into(path);
        Self { path, name }
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// The key of the number of its failed attempts.
    pub(crate) fn attempts(&self, activation: u64) -> String {
        self.key(activation) + "!"
    }

    /// What the keys in its space begin with, if it is a flow.
    pub(crate) fn stage(&self, activation: u64) -> String {
        self.key(activation) + "/"
    }

    /// The key that tells that it has put items.
    pub(crate) fn puts(&self, activation: u64) -> String {
        self.key(activation) + "?"
    }

    pub(crate) fn key(&self, activation: u64) -> String {
        let mut key = self.path.keys(activation);
        key.push_str(self.name);
        key
    }
}
