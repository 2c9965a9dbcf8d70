//! What can go on, and which of it goes on first: the clauses and the items of an `each` that are
//! woken by a reply or a permit, and the stages that were given up.

use std::collections::VecDeque;
use std::sync::Weak;
use std::task::{self, Context};

use crate::interpreter::{Execution, lock};

/// The place of the stages that were given up.
pub(super) const GIVEN_UP: u64 = u64::MAX;

/// The number of a clause, and those of the items within it.
pub(super) type Path = Vec<u64>;

#[derive(Default)]
pub(super) struct Ready {
    /// Woken since the last look, in this order.
    woken: Vec<Path>,
    /// What goes on now.
    now: Vec<Path>,
    /// The clauses of these whose turn is yet to come.
    left: VecDeque<u64>,
}

/// What waits somewhere, with all that has to go on around it, from the inside to the outside.
#[derive(Clone, Default)]
pub(super) struct Waker<'a> {
    clauses: Vec<(Weak<Execution<'a>>, Path)>,
    /// The item of an `each` that it is a part of, and the items around that.
    items: Option<task::Waker>,
}

impl Waker<'_> {
    pub(super) fn wake(&self) {
        if let Some(items) = &self.items {
            items.wake_by_ref();
        }
        for (execution, path) in &self.clauses {
            let Some(execution) = execution.upgrade() else {
                return;
            };
            execution.wake(path.clone());
            // What is around it goes on already.
            if !lock(&execution.polled).is_empty() {
                return;
            }
        }
    }
}

impl<'a> Execution<'a> {
    /// Wakes what is polled.
    pub(super) fn waker(&self, cx: &Context<'_>) -> Waker<'a> {
        let mut all = vec![(self.this.clone(), lock(&self.polled).clone())];
        let mut around = self.outer.as_ref().and_then(Weak::upgrade);
        while let Some(outer) = around {
            all.push((outer.this.clone(), lock(&outer.polled).clone()));
            around = outer.outer.as_ref().and_then(Weak::upgrade);
        }
        Waker {
            clauses: all,
            items: Some(cx.waker().clone()),
        }
    }

    /// What is polled goes on once more.
    pub(super) fn wake_polled(&self) {
        let path = lock(&self.polled).clone();
        self.wake(path);
    }

    /// It goes on in its turn.
    pub(super) fn wake(&self, path: Path) {
        let mut ready = lock(&self.ready);
        if ready.left.contains(&path[0]) {
            ready.now.push(path);
        } else {
            ready.woken.push(path);
        }
    }

    pub(super) fn has_woken(&self) -> bool {
        !lock(&self.ready).woken.is_empty()
    }

    /// Whether this clause was woken, or this item of an `each`, since the last look.
    pub(super) fn is_woken(&self, number: u64) -> bool {
        let ready = lock(&self.ready);
        ready.woken.iter().any(|path| path.contains(&number))
    }

    /// Whether the first clause was woken. It goes on now.
    pub(super) fn take_first(&self, first: u64) -> bool {
        let ready = &mut *lock(&self.ready);
        let (taken, woken): (Vec<_>, _) = std::mem::take(&mut ready.woken)
            .into_iter()
            .partition(|path| path[0] == first);
        ready.woken = woken;
        ready.now = taken;
        !ready.now.is_empty()
    }

    /// The others that were woken go on now. What is woken meanwhile comes after the next event.
    pub(super) fn take_others(&self, first: u64) {
        let ready = &mut *lock(&self.ready);
        let (now, woken): (Vec<_>, _) = std::mem::take(&mut ready.woken)
            .into_iter()
            .partition(|path| path[0] != first);
        ready.woken = woken;
        for path in &now {
            if !ready.left.contains(&path[0]) {
                ready.left.push_back(path[0]);
            }
        }
        ready.now = now;
    }

    pub(super) fn next_other(&self) -> Option<u64> {
        lock(&self.ready).left.pop_front()
    }

    /// Nothing goes on, or everything is dropped.
    pub(super) fn forget_woken(&self) {
        *lock(&self.ready) = Ready::default();
    }
}
