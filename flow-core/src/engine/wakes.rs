//! Which slots are to be polled: each has a waker of its own, so that a wake costs the same whether
//! one handler is suspended or ten thousand.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use futures_util::task::{ArcWake, AtomicWaker};

use crate::engine::Shared;
use crate::graph::Graph;

/// The wakes of one execution.
///
/// All of it but the lists is in one atomic word, whose changes have one order: who sets a mark learns
/// in the same step whether the driver is asleep, and the driver, falling asleep, whether there is a
/// mark. So none of them misses the other.
#[derive(Default)]
pub(crate) struct Wakes {
    /// The task that polls the execution, as of the last time it fell asleep.
    task: AtomicWaker,
    /// What there is to do: [`FIRST`], [`OTHERS`], [`NEWS`]; and whether somebody will look by
    /// himself: [`ASLEEP`].
    marks: AtomicUsize,
    others: Mutex<Vec<usize>>,
}

/// The first slot is ready. It has no list, for most executions have no other.
const FIRST: usize = 1;
/// Some other slot is.
const OTHERS: usize = 2;
/// Something came from outside.
const NEWS: usize = 4;
/// The driver has returned `Pending`, and is to be woken when a mark is set.
const ASLEEP: usize = 8;

impl Wakes {
    /// The driver is awake: it will look by itself before it returns `Pending`.
    #[inline]
    pub(crate) fn rise(&self) {
        if self.has(ASLEEP) {
            self.clear(ASLEEP);
        }
    }

    /// The driver is about to return `Pending`; false if there is something to do first.
    pub(crate) fn sleep(&self, task: &Waker) -> bool {
        self.task.register(task);
        // Whoever leaves a word elsewhere looks here after that, and the driver there after this.
        let marks = self.marks.fetch_or(ASLEEP, Ordering::SeqCst);
        if marks != 0 {
            self.clear(ASLEEP);
        }
        marks == 0
    }

    /// The driver has returned `Pending`, and not looked since.
    pub(crate) fn is_asleep(&self) -> bool {
        self.marks.load(Ordering::SeqCst) & ASLEEP != 0
    }

    /// There is something to do.
    #[inline]
    pub(crate) fn any(&self) -> bool {
        self.has(FIRST | OTHERS | NEWS)
    }

    #[inline]
    fn has(&self, marks: usize) -> bool {
        self.marks.load(Ordering::Acquire) & marks != 0
    }

    /// Sets the mark, and wakes the driver if it would not see it by itself.
    fn mark(&self, mark: usize) {
        let before = self.marks.fetch_or(mark, Ordering::AcqRel);
        // Of several marks, the first one wakes.
        if before == ASLEEP {
            self.task.wake();
        }
    }

    fn clear(&self, mark: usize) {
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
    }

    fn others(&self) -> MutexGuard<'_, Vec<usize>> {
        self.others.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The waker of the first slot is the execution itself: it costs no allocation.
impl<G: Graph> ArcWake for Shared<G> {
    fn wake_by_ref(this: &Arc<Self>) {
        this.wakes.mark(FIRST);
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
        wakes.others().push(this.slot);
        wakes.mark(OTHERS);
    }
}
