//! What the driver, the handlers and the reader of one execution share.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::engine::wakes::Wakes;
use crate::error::FlowError;
use crate::graph::Graph;
use crate::resource::Resources;

/// How many events, items and polls an execution takes before it lets other tasks run.
pub(crate) const BUDGET: u32 = 128;

/// One execution, as everybody who has to do with it sees it.
pub(crate) struct Shared<G: Graph> {
    state: Mutex<State<G>>,
    pub(crate) wakes: Arc<Wakes>,
    pub(crate) resources: Resources,
    /// How many can still emit: the slots of the driver, and everybody outside of it.
    pub(crate) emitters: AtomicUsize,
}

/// The lock is never held while code of the user runs (handlers, wakers, `Clone`, `Drop`).
pub(crate) struct State<G: Graph> {
    pub(crate) queue: VecDeque<G::Activation>,
    /// Somebody is polling the execution, and will look at `queue` before they return.
    pub(crate) driving: bool,
    /// What is left of [`BUDGET`] in this poll.
    pub(crate) budget: u32,
    /// The slot that is being polled found nothing to do.
    pub(crate) parked: bool,
    items: VecDeque<G::Item>,
    capacity: usize,
    reader: Reader,
    blocked: Blocked,
    phase: Phase,
}

enum Reader {
    /// Somebody reads the items, or will; with their waker while they wait.
    There(Option<Waker>),
    Gone,
}

enum Phase {
    Running,
    /// Its end is decided; handlers may still be there to be dropped.
    Ending(Ending),
    /// Nothing of it is left.
    Ended(Ending),
}

impl<G: Graph> State<G> {
    /// The waker of a reader that waits.
    fn take_reader(&mut self) -> Option<Waker> {
        match &mut self.reader {
            Reader::There(waker) => waker.take(),
            Reader::Gone => None,
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Running)
    }
}

/// How an execution ended.
#[derive(Clone)]
pub(crate) enum Ending {
    /// Nothing runs and nothing waits, or it was stopped.
    Done,
    Failed(FlowError),
}

/// Those who wait for room in the stream. They are all woken when there is; a round is the time
/// between two such moments.
#[derive(Default)]
struct Blocked {
    round: u64,
    wakers: Vec<Waker>,
}

/// A blocked `put`'s place: the round, and the index in it.
pub(crate) type Place = (u64, usize);

impl Blocked {
    fn enter(&mut self, place: &mut Option<Place>, waker: &Waker) {
        match *place {
            Some((round, index)) if round == self.round => {
                if let Some(known) = self.wakers.get_mut(index) {
                    known.clone_from(waker);
                }
            }
            _ => {
                *place = Some((self.round, self.wakers.len()));
                self.wakers.push(waker.clone());
            }
        }
    }

    fn release(&mut self) -> Vec<Waker> {
        self.round += 1;
        std::mem::take(&mut self.wakers)
    }
}

/// What the reader finds.
pub(crate) enum Read<T> {
    Item(T),
    /// The items are read, and no more will come.
    End(Ending),
    Nothing,
}

impl<G: Graph> Shared<G> {
    pub(crate) fn new(
        first: G::Activation,
        resources: Resources,
        capacity: usize,
        reading: bool,
    ) -> Self {
        Self {
            state: Mutex::new(State {
                queue: VecDeque::from([first]),
                driving: false,
                budget: BUDGET,
                parked: false,
                items: VecDeque::new(),
                capacity,
                reader: if reading {
                    Reader::There(None)
                } else {
                    Reader::Gone
                },
                blocked: Blocked::default(),
                phase: Phase::Running,
            }),
            wakes: Arc::default(),
            resources,
            emitters: AtomicUsize::new(0),
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State<G>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues an activation; after the end, drops it.
    pub(crate) fn push(&self, activation: G::Activation) {
        let late = {
            let mut state = self.state();
            if state.is_open() {
                state.queue.push_back(activation);
                if state.driving {
                    return;
                }
                None
            } else {
                Some(activation)
            }
        };
        if late.is_none() {
            self.wakes.wake_task();
        }
    }

    /// Puts the item into the stream, or waits for room.
    pub(crate) fn poll_put(
        &self,
        item: &mut Option<G::Item>,
        place: &mut Option<Place>,
        cx: &Context<'_>,
    ) -> Poll<()> {
        let mut state = self.state();
        if state.budget == 0 {
            if !state.driving {
                state.budget = BUDGET;
            }
            drop(state);
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        if !state.is_open() || matches!(state.reader, Reader::Gone) {
            state.budget -= 1;
            drop(state);
            item.take();
            return Poll::Ready(());
        }
        if state.items.len() >= state.capacity {
            state.blocked.enter(place, cx.waker());
            return Poll::Pending;
        }
        state.budget -= 1;
        state.items.extend(item.take());
        let reader = state.take_reader();
        let driving = state.driving;
        drop(state);
        match reader {
            Some(reader) => reader.wake(),
            // The stream of an execution is polled by its reader.
            None if !driving => self.wakes.wake_task(),
            None => {}
        }
        Poll::Ready(())
    }

    /// Takes the next item.
    pub(crate) fn read(&self) -> Read<G::Item> {
        let mut state = self.state();
        let Some(item) = state.items.pop_front() else {
            return match &state.phase {
                Phase::Ended(ending) => Read::End(ending.clone()),
                Phase::Running | Phase::Ending(_) => Read::Nothing,
            };
        };
        // Half a buffer of room is worth waking its writers for; less would wake them for each item.
        let room = state.items.len() * 2 <= state.capacity && !state.blocked.wakers.is_empty();
        let blocked = if room {
            state.blocked.release()
        } else {
            Vec::new()
        };
        drop(state);
        blocked.into_iter().for_each(Waker::wake);
        Read::Item(item)
    }

    /// Takes the next item, or has the task woken when there is one.
    pub(crate) fn poll_read(&self, cx: &Context<'_>) -> Poll<Read<G::Item>> {
        match self.read() {
            Read::Nothing => {
                self.state().reader = Reader::There(Some(cx.waker().clone()));
                // An item may have come in between.
                match self.read() {
                    Read::Nothing => Poll::Pending,
                    found => Poll::Ready(found),
                }
            }
            found => Poll::Ready(found),
        }
    }

    /// Nobody reads any more: what is in the stream is dropped, and what is put from now on.
    pub(crate) fn stop_reading(&self) {
        let (items, blocked) = {
            let mut state = self.state();
            state.reader = Reader::Gone;
            (std::mem::take(&mut state.items), state.blocked.release())
        };
        drop(items);
        blocked.into_iter().for_each(Waker::wake);
    }

    /// Ends the execution; the first ending counts. The driver drops the rest when it next looks.
    pub(crate) fn end(&self, ending: Ending) {
        let driving = {
            let mut state = self.state();
            if !state.is_open() {
                return;
            }
            state.phase = Phase::Ending(ending);
            state.driving
        };
        if !driving {
            self.wakes.wake_task();
        }
    }

    /// How it ended, if it did.
    pub(crate) fn ending(&self) -> Option<Ending> {
        match &self.state().phase {
            Phase::Running => None,
            Phase::Ending(ending) | Phase::Ended(ending) => Some(ending.clone()),
        }
    }

    /// The driver has dropped the handlers: nothing runs any more.
    pub(crate) fn finish(&self) {
        let (queue, blocked, reader) = {
            let mut state = self.state();
            state.phase = match std::mem::replace(&mut state.phase, Phase::Running) {
                Phase::Running => Phase::Ended(Ending::Done),
                Phase::Ending(ending) | Phase::Ended(ending) => Phase::Ended(ending),
            };
            state.driving = false;
            (
                std::mem::take(&mut state.queue),
                state.blocked.release(),
                state.take_reader(),
            )
        };
        drop(queue);
        blocked.into_iter().chain(reader).for_each(Waker::wake);
    }

    /// Whether somebody outside of the driver's `slots` can still emit.
    pub(crate) fn is_held_outside(&self, slots: usize) -> bool {
        self.emitters.load(Ordering::Acquire) > slots
    }
}
