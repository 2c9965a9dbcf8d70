//! The coordination of readers: which one polls the execution, which ones wait, and when they wake.
//!
//! A reader that finds nothing new takes the execution out of the source, polls it, and puts it
//! back along with the item. A reader that finds the execution taken or asleep waits. Every wake
//! goes to all waiting readers: a single woken reader could be dropped, or be slow to poll, and
//! would hold up the others. The lock is never held while user code runs: the execution, wakers
//! (including their `clone` and `drop`), and the `clone` and `drop` of items.

use std::collections::BTreeMap;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll, Waker};

use futures_core::Stream;
use futures_util::task::{ArcWake, waker_ref};

use crate::engine::ending::Ending;
use crate::error::FlowError;
use crate::macro_support::drop::{drop_catching, drop_payload};
use crate::macro_support::wake::wake_each;
use crate::run::broadcast::options::ShareOptions;
use crate::run::broadcast::received::Received;
use crate::run::broadcast::ring::{Cursor, KeptItem, Ring};
use crate::sync::{Mutex, MutexGuard};

/// The stream that the readers follow.
pub(super) type Source<T> = Pin<Box<dyn Stream<Item = Result<T, FlowError>> + Send>>;

/// Held by handles and readers. The waker of the execution holds only the source, so that a waiting
/// execution does not keep itself alive.
pub(super) struct Hub<T> {
    pub(super) source: Arc<SharedSource<T>>,
}

impl<T> Drop for Hub<T> {
    fn drop(&mut self) {
        self.source.close();
    }
}

pub(super) struct SharedSource<T> {
    state: Mutex<Inner<T>>,
}

struct Inner<T> {
    ring: Ring<T>,
    source: SourceState<T>,
    /// The readers that found nothing and have not been woken since, in the order in which they
    /// joined.
    sleepers: Sleepers,
    joined: u64,
}

type Sleepers = BTreeMap<u64, Waker>;

enum SourceState<T> {
    /// To be polled by the next reader that needs an item. No reader sleeps, except to wait for a
    /// slow one.
    Due(Source<T>),
    /// It is pending and wakes the source.
    Asleep(Source<T>),
    /// A reader is polling it. `woken` is set if it has woken the source since.
    Polled {
        woken: bool,
    },
    Ended(Ending),
}

/// The result of a read.
pub(super) enum ReadOutcome<T> {
    Received(Received<KeptItem<T>>),
    Nothing,
    End(Ending),
}

/// What a reader that found nothing does next.
pub(super) enum Role<T> {
    /// Read again: something has arrived.
    Retry,
    Wait,
    /// Poll this source. The waker comes back, for the case that the reader has to wait after all.
    Drive(Source<T>, Waker),
}

impl<T> SharedSource<T> {
    pub(super) fn new(source: Source<T>, options: ShareOptions) -> Self {
        Self {
            state: Mutex::new(Inner {
                ring: Ring::new(options),
                source: SourceState::Due(source),
                sleepers: Sleepers::new(),
                joined: 0,
            }),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of items so far, the number of readers, and whether the stream has ended.
    pub(super) fn progress(&self) -> (u64, usize, bool) {
        let state = self.lock();
        let ended = matches!(state.source, SourceState::Ended(_));
        (state.ring.head(), state.ring.readers(), ended)
    }

    pub(super) fn join(&self, from: Option<u64>) -> Cursor {
        let mut state = self.lock();
        let reader = state.joined;
        state.joined += 1;
        state.ring.join(reader, from)
    }

    pub(super) fn leave(&self, cursor: &Cursor) {
        let mut state = self.lock();
        let own = state.sleepers.remove(&cursor.reader);
        let (gone, sleepers) = state.make_room(|ring| ring.leave(cursor));
        drop(state);
        wake(sleepers);
        drop((own, gone));
    }

    pub(super) fn read(&self, cursor: &mut Cursor) -> ReadOutcome<T> {
        let mut state = self.lock();
        let ((received, gone), sleepers) = state.make_room(|ring| ring.read(cursor));
        let found = match (received, &state.source) {
            (Some(received), _) => ReadOutcome::Received(received),
            (None, SourceState::Ended(ending)) => ReadOutcome::End(ending.clone()),
            (None, _) => ReadOutcome::Nothing,
        };
        drop(state);
        wake(sleepers);
        drop(gone);
        found
    }

    /// Decides what a reader that found nothing does next.
    pub(super) fn next_role(&self, cursor: &Cursor, waker: Waker) -> Role<T> {
        let mut state = self.lock();
        if state.ring.has_more(cursor) || matches!(state.source, SourceState::Ended(_)) {
            drop(state);
            drop(waker);
            return Role::Retry;
        }
        if !state.ring.is_full() {
            match mem::replace(&mut state.source, SourceState::Polled { woken: false }) {
                SourceState::Due(source) => return Role::Drive(source, waker),
                other => state.source = other,
            }
        }
        let before = state.sleepers.insert(cursor.reader, waker);
        drop(state);
        drop(before);
        Role::Wait
    }

    /// Stores the source, which is pending, and the waker of the reader that polled it.
    fn put_back(&self, source: Source<T>, reader: u64, waker: Waker) {
        let mut state = self.lock();
        let before = state.sleepers.insert(reader, waker);
        let woken = matches!(state.source, SourceState::Polled { woken: true });
        let sleepers = if woken {
            state.source = SourceState::Due(source);
            mem::take(&mut state.sleepers)
        } else {
            state.source = SourceState::Asleep(source);
            Sleepers::new()
        };
        drop(state);
        drop(before);
        wake(sleepers);
    }

    /// Stores the source and its item. The reader that polled is awake, so its waker is outdated.
    fn take_in(&self, source: Source<T>, item: T, reader: u64) {
        let item = Arc::new(Mutex::new(item));
        let mut state = self.lock();
        let gone = state.ring.push(item);
        state.source = SourceState::Due(source);
        let mut sleepers = mem::take(&mut state.sleepers);
        drop(state);
        sleepers.remove(&reader);
        wake(sleepers);
        drop(gone);
    }

    fn end(&self, ending: Ending, reader: u64) {
        let mut state = self.lock();
        state.source = SourceState::Ended(ending);
        let mut sleepers = mem::take(&mut state.sleepers);
        drop(state);
        sleepers.remove(&reader);
        wake(sleepers);
    }

    /// Drops the source: the last handle and the last reader are gone.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        let source = mem::replace(&mut state.source, SourceState::Ended(Ending::Done));
        let gone = state.ring.take();
        drop(state);
        drop((source, gone));
    }
}

impl<T: Send + 'static> SharedSource<T> {
    /// Polls the source and puts it back. Returns whether there is something to read; if not, the
    /// reader waits.
    pub(super) fn drive(
        self: &Arc<Self>,
        mut source: Source<T>,
        reader: u64,
        sleeper: Waker,
    ) -> bool {
        let waker = waker_ref(self);
        // A source that has panicked is never polled again.
        let polled = catch_unwind(AssertUnwindSafe(|| {
            source.as_mut().poll_next(&mut Context::from_waker(&waker))
        }));
        let ending = match polled {
            Ok(Poll::Pending) => {
                self.put_back(source, reader, sleeper);
                return false;
            }
            Ok(Poll::Ready(Some(Ok(item)))) => {
                self.take_in(source, item, reader);
                return true;
            }
            Ok(Poll::Ready(Some(Err(error)))) => Ending::Failed(error),
            Ok(Poll::Ready(None)) => Ending::Done,
            Err(payload) => {
                let error = FlowError::stream_panicked(&*payload);
                drop_payload(payload);
                Ending::Failed(error)
            }
        };
        drop_catching(source);
        self.end(ending, reader);
        true
    }
}

/// The waker of the source. It is not the hub, or the execution would keep itself alive.
impl<T: Send + 'static> ArcWake for SharedSource<T> {
    fn wake_by_ref(this: &Arc<Self>) {
        let mut state = this.lock();
        let mut sleepers = Sleepers::new();
        let source = mem::replace(&mut state.source, SourceState::Polled { woken: true });
        state.source = match source {
            SourceState::Asleep(source) => {
                sleepers = mem::take(&mut state.sleepers);
                SourceState::Due(source)
            }
            SourceState::Polled { .. } => SourceState::Polled { woken: true },
            other @ (SourceState::Due(_) | SourceState::Ended(_)) => other,
        };
        drop(state);
        wake(sleepers);
    }
}

impl<T> Inner<T> {
    /// Changes the ring, and returns the readers to wake because there is room now.
    fn make_room<R>(&mut self, change: impl FnOnce(&mut Ring<T>) -> R) -> (R, Sleepers) {
        let was_full = self.ring.is_full();
        let result = change(&mut self.ring);
        let sleepers = if was_full && !self.ring.is_full() {
            mem::take(&mut self.sleepers)
        } else {
            Sleepers::new()
        };
        (result, sleepers)
    }
}

fn wake(sleepers: Sleepers) {
    wake_each(sleepers.into_values());
}
