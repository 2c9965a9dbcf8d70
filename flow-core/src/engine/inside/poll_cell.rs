//! State that only the polling thread reaches, without a lock.
//!
//! A handler's context may be used on any thread, so it must find out whether the calling thread
//! is the one that polls the execution right now. A thread-local shows that. The check costs less
//! than a nanosecond. An uncontended lock would cost ten, twice for each event.
#![allow(unsafe_code, reason = "a hop took 35 ns with a lock, and 18 without")]

use std::cell::Cell;
use std::marker::PhantomData;
use std::ops::Deref;
use std::ptr;

use crate::sync::{Watched, per_thread};

per_thread! {
    /// The [`PollCell`] of the execution that this thread polls: the innermost, if one polls
    /// another.
    static POLLING: Cell<*const ()> = Cell::new(ptr::null());
}

per_thread! {
    /// An address on the stack where the outermost execution is polled.
    static STACK: Cell<usize> = Cell::new(0);
}

/// How much of the stack lies between here and the outermost execution that this thread polls.
#[inline]
pub(crate) fn stack_in_use() -> usize {
    STACK.with(Cell::get).abs_diff(stack_address())
}

/// An address on the stack near its top. The value there is not read.
#[inline]
fn stack_address() -> usize {
    let here = 0_u8;
    ptr::from_ref(&here).addr()
}

/// A value that only the thread that has entered it can reach.
pub(crate) struct PollCell<T>(T, Watched);

// SAFETY: a shared reference gives access to the value in two ways: through a `Guard`, on the
// thread that has it, and through `with`, which lends the value (for the length of a call; a value
// that is not `Sync` cannot leave the thread in it) only while `POLLING` of the calling thread is
// the address of this cell. `POLLING` has that address only while a `Guard` of the cell lives on
// that thread: `enter` sets it, and the guard, which cannot leave the thread, resets it. Two
// threads never have such a guard at the same time, as the caller of `enter` promises, so there is
// no access from two threads at once. Callers keep that promise by exclusive access to one object,
// which also orders the accesses. `T: Send` is required because the thread may change.
unsafe impl<T: Send> Sync for PollCell<T> {}

impl<T> PollCell<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(value, Watched::new())
    }

    /// Gives the calling thread access until the guard is dropped.
    ///
    /// # Safety
    ///
    /// While the guard lives, no other thread may have a guard of the same cell, and the end of one
    /// guard must happen before the beginning of the next. Both hold if every call is made with
    /// exclusive access (`&mut`) to one object, the same for all calls, which lasts as long as the
    /// guard. Guards must be dropped, and on each thread in the reverse order of their creation.
    pub(crate) unsafe fn enter(&self) -> Guard<'_, T> {
        self.1.access();
        let before = POLLING.with(|polling| polling.replace(self.address()));
        if before.is_null() {
            STACK.with(|stack| stack.set(stack_address()));
        }
        Guard {
            before,
            cell: self,
            not_send: PhantomData,
        }
    }

    /// Calls `access` with the value if the calling thread has entered this cell, and no other
    /// since.
    #[inline]
    pub(crate) fn with<R>(&self, access: impl FnOnce(&T) -> R) -> Option<R> {
        if POLLING.with(Cell::get) == self.address() {
            self.1.access();
            Some(access(&self.0))
        } else {
            None
        }
    }

    fn address(&self) -> *const () {
        ptr::from_ref(self).cast()
    }
}

/// The access of the calling thread to the value.
pub(crate) struct Guard<'a, T> {
    before: *const (),
    cell: &'a PollCell<T>,
    /// Keeps the guard on its thread.
    not_send: PhantomData<*const ()>,
}

impl<T> Deref for Guard<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.cell.0
    }
}

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        self.cell.1.access();
        POLLING.with(|polling| polling.set(self.before));
    }
}

#[cfg(test)]
mod tests {
    use super::PollCell;

    #[test]
    fn only_the_innermost_cell_of_the_thread_is_reached() {
        let (outer, inner) = (PollCell::new(1), PollCell::new(2));
        assert_eq!(outer.with(|value| *value), None);
        // SAFETY: both are this thread's alone, and the guards are dropped in reverse order.
        let outer_guard = unsafe { outer.enter() };
        assert_eq!(outer.with(|value| *value), Some(1));
        {
            // SAFETY: as above.
            let _inner_guard = unsafe { inner.enter() };
            assert_eq!(inner.with(|value| *value), Some(2));
            assert_eq!(outer.with(|value| *value), None);
        }
        assert_eq!(outer.with(|value| *value), Some(1));
        drop(outer_guard);
        assert_eq!(outer.with(|value| *value), None);
    }

    #[test]
    fn another_thread_does_not_reach_it() {
        let cell = PollCell::new(1);
        // SAFETY: this is the only guard of the cell.
        let _guard = unsafe { cell.enter() };
        std::thread::scope(|scope| {
            let reached = scope.spawn(|| cell.with(|value| *value)).join();
            assert_eq!(reached.ok(), Some(None));
        });
        assert_eq!(cell.with(|value| *value), Some(1));
    }
}
