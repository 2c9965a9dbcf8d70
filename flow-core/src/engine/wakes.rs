//! Which slots are to be polled: each has a waker of its own, so that a wake costs the same whether
//! one handler is suspended or ten thousand.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use atomic_waker::AtomicWaker;
use futures_task::ArcWake;

use crate::engine::Shared;
use crate::graph::Graph;

/// The wakes of one execution.
///
/// A wake marks what it is for, then looks whether the driver is asleep; the driver says that it is
/// asleep, then looks for marks. Both in the one order of all `SeqCst` operations, so that at least
/// one of them sees the other.
#[derive(Default)]
pub(crate) struct Wakes {
    /// The task that polls the execution, as of the last time it fell asleep.
    task: AtomicWaker,
    asleep: AtomicBool,
    /// What there is to do: [`FIRST`], [`OTHERS`], [`NEWS`].
    marks: AtomicU8,
    others: Mutex<Vec<usize>>,
}

/// The first slot is ready. It has no list, for most executions have no other.
const FIRST: u8 = 1;
/// Some other slot is.
const OTHERS: u8 = 2;
/// Something came from outside.
const NEWS: u8 = 4;

impl Wakes {
    /// The driver is awake: it will look by itself before it returns `Pending`.
    #[inline]
    pub(crate) fn rise(&self) {
        self.asleep.store(false, Ordering::Relaxed);
    }

    /// The driver is about to return `Pending`; false if there is something to do first.
    pub(crate) fn sleep(&self, task: &Waker) -> bool {
        self.task.register(task);
        self.asleep.store(true, Ordering::SeqCst);
        let asleep = !self.any();
        if !asleep {
            self.rise();
        }
        asleep
    }

    /// There is something to do.
    #[inline]
    pub(crate) fn any(&self) -> bool {
        self.marks.load(Ordering::SeqCst) != 0
    }

    #[inline]
    fn has(&self, mark: u8) -> bool {
        self.marks.load(Ordering::Acquire) & mark != 0
    }

    /// Sets the mark; false if it was set before.
    fn mark(&self, mark: u8) -> bool {
        self.marks.fetch_or(mark, Ordering::SeqCst) & mark == 0
    }

    fn clear(&self, mark: u8) {
        self.marks.fetch_and(!mark, Ordering::AcqRel);
    }

    /// The first slot is to be polled; says so once.
    #[inline]
    pub(crate) fn take_first(&self) -> bool {
        let ready = self.has(FIRST);
        if ready {
            self.clear(FIRST);
        }
        ready
    }

    /// One of the other slots is to be polled.
    #[inline]
    pub(crate) fn any_other(&self) -> bool {
        self.has(OTHERS)
    }

    /// Moves the other slots to be polled to `into`, which is empty.
    pub(crate) fn take_others(&self, into: &mut Vec<usize>) {
        let mut others = self.others();
        self.clear(OTHERS);
        std::mem::swap(&mut *others, into);
    }

    #[inline]
    pub(crate) fn has_news(&self) -> bool {
        self.has(NEWS)
    }

    /// To be called before what came is looked at.
    pub(crate) fn take_news(&self) {
        self.clear(NEWS);
    }

    /// Something came from outside.
    pub(crate) fn tell(&self) {
        self.mark(NEWS);
        self.wake_if_asleep();
    }

    fn wake_if_asleep(&self) {
        if self.asleep.load(Ordering::SeqCst) {
            self.task.wake();
        }
    }

    fn others(&self) -> MutexGuard<'_, Vec<usize>> {
        self.others.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The waker of the first slot is the execution itself: it costs no allocation.
impl<G: Graph> ArcWake for Shared<G> {
    fn wake_by_ref(this: &Arc<Self>) {
        if this.wakes.mark(FIRST) {
            this.wakes.wake_if_asleep();
        }
    }
}

/// The waker of one of the other slots.
pub(crate) struct SlotWake<G: Graph> {
    slot: usize,
    /// It stands in the list already.
    listed: AtomicBool,
    shared: Arc<Shared<G>>,
}

impl<G: Graph> SlotWake<G> {
    pub(crate) fn new(slot: usize, shared: Arc<Shared<G>>) -> Arc<Self> {
        Arc::new(Self {
            slot,
            listed: AtomicBool::new(false),
            shared,
        })
    }

    /// The slot was taken off the list; to be called before it is polled, so that a wake during
    /// the poll counts.
    pub(crate) fn unlist(&self) {
        self.listed.swap(false, Ordering::SeqCst);
    }
}

impl<G: Graph> ArcWake for SlotWake<G> {
    fn wake_by_ref(this: &Arc<Self>) {
        if this.listed.swap(true, Ordering::SeqCst) {
            return;
        }
        let wakes = &this.shared.wakes;
        {
            let mut others = wakes.others();
            others.push(this.slot);
            wakes.mark(OTHERS);
        }
        wakes.wake_if_asleep();
    }
}
