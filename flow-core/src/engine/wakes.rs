//! Which slots are to be polled: each has a waker of its own, so that a wake costs the same whether
//! one handler is suspended or ten thousand.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Wake, Waker};

use atomic_waker::AtomicWaker;

/// The wakes of one execution.
#[derive(Debug, Default)]
pub(crate) struct Wakes {
    /// The task that polls the execution.
    task: AtomicWaker,
    ready: Mutex<Ready>,
}

#[derive(Debug, Default)]
struct Ready {
    slots: Vec<usize>,
    /// The driver has returned `Pending`: a wake has to reach the task. While it is awake it looks
    /// here by itself before it returns.
    asleep: bool,
}

impl Wakes {
    /// The driver is awake from here on, and a wake that comes too late for it reaches `task`.
    pub(crate) fn rise(&self, task: &Waker) {
        self.task.register(task);
        self.ready().asleep = false;
    }

    /// Says that the driver is about to return `Pending`, unless a slot became ready meanwhile.
    pub(crate) fn sleep(&self) -> bool {
        let mut ready = self.ready();
        ready.asleep = ready.slots.is_empty();
        ready.asleep
    }

    /// Moves the ready slots to `into`, which is empty.
    pub(crate) fn take_ready(&self, into: &mut Vec<usize>) {
        std::mem::swap(&mut self.ready().slots, into);
    }

    pub(crate) fn any_ready(&self) -> bool {
        !self.ready().slots.is_empty()
    }

    /// Has the driver polled, for another reason than a slot.
    pub(crate) fn wake_task(&self) {
        self.task.wake();
    }

    fn ready(&self) -> MutexGuard<'_, Ready> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The waker of one slot.
#[derive(Debug)]
pub(crate) struct SlotWake {
    slot: usize,
    /// It stands in the list already.
    listed: AtomicBool,
    wakes: Arc<Wakes>,
}

impl SlotWake {
    pub(crate) fn new(slot: usize, wakes: Arc<Wakes>) -> Arc<Self> {
        Arc::new(Self {
            slot,
            listed: AtomicBool::new(false),
            wakes,
        })
    }

    /// The slot was taken off the list; to be called before it is polled, so that a wake during
    /// the poll counts.
    pub(crate) fn unlist(&self) {
        self.listed.store(false, Ordering::Release);
    }
}

impl Wake for SlotWake {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.listed.swap(true, Ordering::AcqRel) {
            return;
        }
        let asleep = {
            let mut ready = self.wakes.ready();
            ready.slots.push(self.slot);
            ready.asleep
        };
        if asleep {
            self.wakes.wake_task();
        }
    }
}
