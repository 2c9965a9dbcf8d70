//! What a handler of a durable flow acts through. It belongs to one call: what it emits counts when
//! the call has ended well.
//!
//! Most calls are polled once, and emit nowhere else. What they emit is [`staged`] without a
//! lock. A call that is cloned, suspends after it has emitted, emits on another thread, or has
//! something to record or to undo, is *shared*: the rest of what it does is in its [`Call`].
//!
//! [`staged`]: crate::engine::inside::staged

mod polled;
mod router;

use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::engine::core::Core;
use crate::engine::log::call::{Call, Done, RecordedCall};
use crate::engine::recording::hooks::not_recorded;
#[cfg(feature = "testing")]
use crate::engine::router::Engine;
use crate::handler::router::Router;
use crate::macro_support::dispatch::unexpected;
use crate::macro_support::drop::drop_each_catching;
use crate::macro_support::graph::Graph;

/// The router of one call. It is over when no clone of it lives.
pub(crate) struct CallRouter<G: Graph> {
    core: Arc<Core<G>>,
    /// Present once the call is shared.
    call: OnceLock<Arc<Call<G>>>,
    /// The attempt of a clone, which counts as an emitter. The router of the call itself does not,
    /// as a handler runs.
    clone_in: Option<u32>,
}

impl<G: Graph> CallRouter<G> {
    /// That of calls that are made one after another.
    #[inline]
    pub(super) fn new(core: Arc<Core<G>>) -> Self {
        Self {
            core,
            call: OnceLock::new(),
            clone_in: None,
        }
    }

    /// A call begins that is shared.
    pub(super) fn begin_shared(&mut self, call: Arc<Call<G>>) {
        self.call = call.into();
    }

    /// What the call has done, if it is shared.
    #[inline]
    pub(super) fn call(&self) -> Option<&Arc<Call<G>>> {
        self.call.get()
    }

    /// The same, of one that is over: the next call may have its place.
    pub(super) fn take_call(&mut self) -> Option<Arc<Call<G>>> {
        self.call.take()
    }

    /// What the call has done, which is shared from here on.
    #[cold]
    pub(super) fn share(&self) -> &Arc<Call<G>> {
        if let Some(call) = self.call.get() {
            return call;
        }
        let spare = self
            .core
            .inside
            .with(|inside| inside.kept.get()?.spare_call.take());
        let call = Call::begun(spare.flatten(), Vec::new(), None);
        // Another thread may have been faster.
        let _unused = self.call.set(call);
        self.call.get().unwrap_or_else(|| unexpected())
    }

    /// Calls `access` with what a shared call has done. Its last clone may still be on its way out,
    /// on another thread; otherwise no lock is needed.
    pub(super) fn with_done<R>(&mut self, access: impl FnOnce(&mut Done<G>) -> R) -> R {
        match self.call.get_mut().and_then(Arc::get_mut) {
            Some(call) => access(call.done_mut()),
            None => access(&mut self.share().lock()),
        }
    }

    /// The rows of the call, if the execution is kept in a store.
    fn recorded(&self) -> Option<&RecordedCall> {
        self.call.get()?.recorded.as_ref()
    }

    /// Whether it is a clone of an attempt that has failed.
    fn is_given_up(&self, done: &Done<G>) -> bool {
        self.clone_in.is_some_and(|attempt| attempt != done.attempt)
    }

    /// The call was dropped before it was over.
    #[cold]
    #[inline(never)]
    fn abandon(&self) {
        self.core.inside.with(|inside| {
            inside.recording()?.log.call_ends();
            Some(())
        });
        let turn = self.call.get().and_then(|call| {
            let mut done = call.lock();
            done.closed = true;
            done.turn.take()
        });
        self.undo();
        drop(turn);
    }

    /// Forgets what the call has emitted, and gives its states the values that they had before.
    pub(super) fn undo(&self) {
        drop_each_catching(self.take_staged());
        let Some(call) = self.call.get() else {
            return;
        };
        self.give_up_contexts();
        let undone = {
            let mut done = call.lock();
            done.stopped = false;
            std::mem::take(&mut done.emitted)
        };
        drop_each_catching(undone);
        let Some(codec) = G::CODEC.filter(|_| !call.before.is_empty()) else {
            return;
        };
        self.core.inside.with(|inside| {
            inside.with_states(&mut |states| {
                for (number, before) in &call.before {
                    let state = codec.states.get(*number);
                    if let Some(Err(error)) = state.map(|state| (state.write)(states, before)) {
                        inside.end(not_recorded(error));
                    }
                }
            });
        });
    }

    /// The engine behind it.
    #[cfg(feature = "testing")]
    pub(crate) fn engine(&self) -> Engine<G> {
        Engine::new(Arc::clone(&self.core))
    }
}

impl<G: Graph> Clone for CallRouter<G> {
    fn clone(&self) -> Self {
        let call = self.share();
        let mut done = call.lock();
        let attempt = self.clone_in.unwrap_or(done.attempt);
        if attempt == done.attempt {
            done.contexts += 1;
            self.core.add_context();
        }
        Self {
            core: Arc::clone(&self.core),
            call: Arc::clone(call).into(),
            clone_in: Some(attempt),
        }
    }
}

impl<G: Graph> Drop for CallRouter<G> {
    #[inline]
    fn drop(&mut self) {
        // Nothing is left to undo of a call that is not shared.
        if self.call.get().is_some() {
            self.drop_shared();
        }
    }
}

impl<G: Graph> CallRouter<G> {
    #[cold]
    #[inline(never)]
    fn drop_shared(&self) {
        let Some(attempt) = self.clone_in else {
            return self.abandon();
        };
        let waits = {
            let mut done = self.share().lock();
            if attempt != done.attempt {
                return;
            }
            done.contexts -= 1;
            done.waits.take()
        };
        if let Some(waits) = waits {
            waits.wake();
        }
        self.core.remove_context();
    }
}

impl<G: Graph> fmt::Debug for CallRouter<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallRouter").finish_non_exhaustive()
    }
}
