//! Where readers meet: who polls the execution, who sleeps, and who wakes whom.
//!
//! A reader that finds nothing new takes the execution out of the desk, polls it, and puts it back
//! with what came. Who finds it taken, or asleep, sleeps. Every wake is for everybody: one that is
//! woken may be dropped, or its owner may have other things to do, and must not keep it from the
//! others. The lock is never held while code of the user runs: the execution, wakers (their `clone`
//! and `drop`, too), items' `clone` and `drop`.

use std::collections::BTreeMap;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use futures_core::Stream;
use futures_util::task::{ArcWake, waker_ref};

use crate::engine::{Ending, drop_quietly};
use crate::error::FlowError;
use crate::readers::ring::{Kept, Place, Ring};
use crate::readers::{Seen, Sharing};

/// The stream that the readers follow.
pub(super) type Source<T> = Pin<Box<dyn Stream<Item = Result<T, FlowError>> + Send>>;

pub(super) struct Desk<T> {
    state: Mutex<State<T>>,
}

struct State<T> {
    ring: Ring<T>,
    source: Stage<T>,
    /// Those who found nothing, and have not been woken since; in the order in which they joined.
    sleepers: Sleepers,
    joined: u64,
}

type Sleepers = BTreeMap<u64, Waker>;

enum Stage<T> {
    /// To be polled by whoever needs an item. Nobody sleeps, unless for a slow reader's sake.
    Due(Source<T>),
    /// It will wake the desk.
    Asleep(Source<T>),
    /// A reader has it, and polls it; it may have woken the desk since.
    Polled {
        woken: bool,
    },
    Ended(Ending),
}

/// What a reader finds.
pub(super) enum Found<T> {
    Seen(Seen<Kept<T>>),
    Nothing,
    End(Ending),
}

/// What a reader that has found nothing does about it.
pub(super) enum Turn<T> {
    /// Look again: something has come.
    Look,
    Sleep,
    /// Poll this; its waker is back, for when it has to sleep after all.
    Drive(Source<T>, Waker),
}

impl<T> Desk<T> {
    pub(super) fn new(source: Source<T>, sharing: Sharing) -> Self {
        Self {
            state: Mutex::new(State {
                ring: Ring::new(sharing),
                source: Stage::Due(source),
                sleepers: Sleepers::new(),
                joined: 0,
            }),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn join(&self, from: Option<u64>) -> Place {
        let mut state = self.lock();
        let reader = state.joined;
        state.joined += 1;
        state.ring.join(reader, from)
    }

    pub(super) fn leave(&self, place: &Place) {
        let mut state = self.lock();
        let own = state.sleepers.remove(&place.reader);
        let (gone, sleepers) = state.make_room(|ring| ring.leave(place));
        drop(state);
        wake(sleepers);
        drop((own, gone));
    }

    pub(super) fn read(&self, place: &mut Place) -> Found<T> {
        let mut state = self.lock();
        let ((seen, gone), sleepers) = state.make_room(|ring| ring.read(place));
        let found = match (seen, &state.source) {
            (Some(seen), _) => Found::Seen(seen),
            (None, Stage::Ended(ending)) => Found::End(ending.clone()),
            (None, _) => Found::Nothing,
        };
        drop(state);
        wake(sleepers);
        drop(gone);
        found
    }

    /// A reader has found nothing: it sleeps, or polls the execution.
    pub(super) fn turn(&self, place: &Place, waker: Waker) -> Turn<T> {
        let mut state = self.lock();
        if state.ring.has_more(place) || matches!(state.source, Stage::Ended(_)) {
            drop(state);
            drop(waker);
            return Turn::Look;
        }
        if !state.ring.is_full() {
            match mem::replace(&mut state.source, Stage::Polled { woken: false }) {
                Stage::Due(source) => return Turn::Drive(source, waker),
                other => state.source = other,
            }
        }
        let before = state.sleepers.insert(place.reader, waker);
        drop(state);
        drop(before);
        Turn::Sleep
    }

    /// The source has nothing now, and the reader that has polled sleeps.
    fn put_back(&self, source: Source<T>, reader: u64, waker: Waker) {
        let mut state = self.lock();
        let before = state.sleepers.insert(reader, waker);
        let woken = matches!(state.source, Stage::Polled { woken: true });
        let sleepers = if woken {
            state.source = Stage::Due(source);
            mem::take(&mut state.sleepers)
        } else {
            state.source = Stage::Asleep(source);
            Sleepers::new()
        };
        drop(state);
        drop(before);
        wake(sleepers);
    }

    /// Here is an item; the reader that has polled is awake, and what woke it before is outdated.
    fn take_in(&self, source: Source<T>, item: T, reader: u64) {
        let item = Arc::new(Mutex::new(item));
        let mut state = self.lock();
        let gone = state.ring.push(item);
        state.source = Stage::Due(source);
        let mut sleepers = mem::take(&mut state.sleepers);
        drop(state);
        sleepers.remove(&reader);
        wake(sleepers);
        drop(gone);
    }

    fn end(&self, ending: Ending, reader: u64) {
        let mut state = self.lock();
        state.source = Stage::Ended(ending);
        let mut sleepers = mem::take(&mut state.sleepers);
        drop(state);
        sleepers.remove(&reader);
        wake(sleepers);
    }

    /// Nobody is there any more, and nobody will come.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        let source = mem::replace(&mut state.source, Stage::Ended(Ending::Done));
        let gone = state.ring.take();
        drop(state);
        drop((source, gone));
    }
}

impl<T: Send + 'static> Desk<T> {
    /// Polls the source, and puts it back. Says whether something has come of it; if not, the reader
    /// sleeps.
    pub(super) fn drive(
        self: &Arc<Self>,
        mut source: Source<T>,
        reader: u64,
        sleeper: Waker,
    ) -> bool {
        let waker = waker_ref(self);
        // What panicked is never polled again.
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
            Err(payload) => Ending::Failed(FlowError::stream_panicked(&*payload)),
        };
        drop_quietly(source);
        self.end(ending, reader);
        true
    }
}

/// The source's waker. It is not the handle, or the execution would keep itself alive by it.
impl<T: Send + 'static> ArcWake for Desk<T> {
    fn wake_by_ref(this: &Arc<Self>) {
        let mut state = this.lock();
        let mut sleepers = Sleepers::new();
        let source = mem::replace(&mut state.source, Stage::Polled { woken: true });
        state.source = match source {
            Stage::Asleep(source) => {
                sleepers = mem::take(&mut state.sleepers);
                Stage::Due(source)
            }
            Stage::Polled { .. } => Stage::Polled { woken: true },
            other @ (Stage::Due(_) | Stage::Ended(_)) => other,
        };
        drop(state);
        wake(sleepers);
    }
}

impl<T> State<T> {
    /// Changes where readers stand, and says who is to be woken because there is room now.
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
    sleepers.into_values().for_each(Waker::wake);
}
