//! Which slots are to be polled: each has a waker of its own, so that a wake costs the same whether
//! one handler is suspended or ten thousand.

use std::sync::atomic::{AtomicBool, Ordering};
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
    /// The first slot is ready. It has no list, for most executions have no other.
    first: AtomicBool,
    /// Some other slot is.
    any_other: AtomicBool,
    others: Mutex<Vec<usize>>,
    /// Something came from outside.
    news: AtomicBool,
}

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
        self.first.load(Ordering::SeqCst)
            || self.any_other.load(Ordering::SeqCst)
            || self.news.load(Ordering::SeqCst)
    }

    /// The first slot is to be polled; says so once.
    #[inline]
    pub(crate) fn take_first(&self) -> bool {
        self.first.load(Ordering::Relaxed) && self.first.swap(false, Ordering::Acquire)
    }

    /// One of the other slots is to be polled.
    #[inline]
    pub(crate) fn any_other(&self) -> bool {
        self.any_other.load(Ordering::Relaxed)
    }

    /// Moves the other slots to be polled to `into`, which is empty.
    pub(crate) fn take_others(&self, into: &mut Vec<usize>) {
        let mut others = self.others();
        self.any_other.store(false, Ordering::Relaxed);
        std::mem::swap(&mut *others, into);
    }

    #[inline]
    pub(crate) fn has_news(&self) -> bool {
        self.news.load(Ordering::Acquire)
    }

    /// To be called before what came is looked at.
    pub(crate) fn take_news(&self) {
        self.news.swap(false, Ordering::AcqRel);
    }

    /// Something came from outside.
    pub(crate) fn tell(&self) {
        self.news.swap(true, Ordering::SeqCst);
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
        if !this.wakes.first.swap(true, Ordering::SeqCst) {
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
            wakes.any_other.store(true, Ordering::SeqCst);
        }
        wakes.wake_if_asleep();
    }
}
