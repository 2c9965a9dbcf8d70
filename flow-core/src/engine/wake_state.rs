//! The pending work of an execution, and whether its driver sleeps.
//!
//! Each slot has a waker of its own, so that a wake costs the same whether one handler is suspended
//! or ten thousand. The protocol is described in [`engine`](crate::engine).

use std::sync::PoisonError;
use std::task::Waker;

use crate::sync::atomic::{AtomicUsize, Ordering};
use crate::sync::{AtomicWaker, Mutex, MutexGuard, load_seq_cst};

#[derive(Default)]
pub(crate) struct WakeState {
    /// The task that polls the execution, as of the last time it fell asleep.
    task: AtomicWaker,
    /// [`FIRST`], [`OTHERS`], [`NEWS`]: pending work. [`ASLEEP`]: the driver must be woken for it.
    bits: AtomicUsize,
    /// The ready slots besides the first.
    others: Mutex<Vec<usize>>,
}

/// The first slot is ready. It is on no list, because most executions have no other.
const FIRST: usize = 0b0001;
/// A slot in `others` is ready.
const OTHERS: usize = 0b0010;
/// Something came from outside.
const NEWS: usize = 0b0100;
/// The driver has returned `Pending`.
const ASLEEP: usize = 0b1000;

impl WakeState {
    /// The driver is polled: it looks by itself before it returns `Pending`.
    #[inline]
    pub(crate) fn mark_awake(&self) {
        if self.has(ASLEEP) {
            self.clear(ASLEEP);
        }
    }

    /// The driver is about to return `Pending`. Returns false if there is something to do first.
    pub(crate) fn fall_asleep(&self, task: &Waker) -> bool {
        self.task.register(task);
        // `SeqCst`, because the reader that leaves sets its flag elsewhere and then reads this
        // word.
        let bits = self.bits.fetch_or(ASLEEP, Ordering::SeqCst);
        if bits != 0 {
            self.clear(ASLEEP);
        }
        bits == 0
    }

    /// Whether the driver has returned `Pending` and has not been polled since.
    pub(crate) fn is_asleep(&self) -> bool {
        load_seq_cst(&self.bits) & ASLEEP != 0
    }

    #[inline]
    pub(crate) fn has_work(&self) -> bool {
        self.has(FIRST | OTHERS | NEWS)
    }

    #[inline]
    fn has(&self, bits: usize) -> bool {
        self.bits.load(Ordering::Acquire) & bits != 0
    }

    /// Sets the bit, and wakes the driver if it sleeps.
    fn set(&self, bit: usize) {
        let before = self.bits.fetch_or(bit, Ordering::AcqRel);
        // If several bits are set, only the first one wakes the driver.
        if before == ASLEEP {
            self.task.wake();
        }
    }

    fn clear(&self, bit: usize) {
        self.bits.fetch_and(!bit, Ordering::AcqRel);
    }

    /// The first slot is ready.
    pub(crate) fn set_first(&self) {
        self.set(FIRST);
    }

    /// Whether the first slot is ready. Clears the bit.
    #[inline]
    pub(crate) fn take_first(&self) -> bool {
        let ready = self.has(FIRST);
        if ready {
            self.clear(FIRST);
        }
        ready
    }

    /// One of the other slots is ready.
    pub(crate) fn set_other(&self, slot: usize) {
        self.others().push(slot);
        self.set(OTHERS);
    }

    #[inline]
    pub(crate) fn has_others(&self) -> bool {
        self.has(OTHERS)
    }

    /// Moves the other ready slots to `into`, which is empty.
    pub(crate) fn take_others(&self, into: &mut Vec<usize>) {
        let mut others = self.others();
        self.clear(OTHERS);
        std::mem::swap(&mut *others, into);
    }

    /// Puts back slots that were taken and not polled. They come first.
    pub(crate) fn put_back_others(&self, slots: &mut Vec<usize>) {
        {
            let mut others = self.others();
            slots.append(&mut others);
            std::mem::swap(&mut *others, slots);
        }
        self.set(OTHERS);
    }

    #[inline]
    pub(crate) fn has_news(&self) -> bool {
        self.has(NEWS)
    }

    /// Clears the bit. To be called before the driver looks at what came.
    pub(crate) fn take_news(&self) {
        self.clear(NEWS);
    }

    /// Something came from outside.
    pub(crate) fn notify(&self) {
        self.set(NEWS);
    }

    fn others(&self) -> MutexGuard<'_, Vec<usize>> {
        self.others.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
