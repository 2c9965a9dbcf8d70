//! What a handler of a durable flow acts through. It belongs to one call: what it emits counts when
//! the call has ended well.
//!
//! Most calls are polled once, and emit nowhere else. What they emit is [`staged`](Staged) without
//! a lock. A call that is cloned, suspends after it has emitted, emits on another thread, or has
//! something to record or to undo, is *shared*: the rest of what it does is in its [`Call`].

use std::any::{Any, TypeId};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use crate::engine::core::Core;
use crate::engine::inside::Inside;
use crate::engine::inside::staged::Staged;
use crate::engine::log::call::{Call, Done, Emitted, RecordedCall};
use crate::engine::recording::hooks::not_recorded;
use crate::engine::recording::states::read;
use crate::engine::stream::put::Put;
use crate::engine::worker::Engine;
use crate::error::{BoxError, FlowError};
use crate::event::Event;
use crate::handler::router::{GivenUp, NoReply, PolledSlot, Router, sealed};
use crate::idempotency_key::IdempotencyKey;
use crate::lifecycle::ExecutionId;
use crate::macro_support::dispatch::unexpected;
use crate::macro_support::drop::drop_each_catching;
use crate::macro_support::durable::codec::CodecError;
use crate::macro_support::durable::turns::StateTurns;
use crate::macro_support::graph::Graph;
use crate::question::Asked;
use crate::records::rows::Change;
use crate::resource::Res;
use crate::snapshot::Snapshot;
use crate::state::State;

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

    /// Its address, which no other call in progress has.
    #[inline]
    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    /// Calls `access` if the call is polled, on this thread.
    #[inline]
    fn while_polled<R>(&self, access: impl FnOnce(&Inside<G>, &Staged) -> R) -> Option<R> {
        let accessed = self.core.inside.with(|inside| {
            let staged = &inside.kept.get()?.staged;
            staged.is_of(self.address()).then(|| access(inside, staged))
        });
        accessed.flatten()
    }

    /// Polls the function of the call. What it emits meanwhile is staged, and counts if it returns
    /// well. A call that goes on, fails, or is observed is shared if it has emitted. Returns with
    /// the result whether the call is over.
    #[inline]
    pub(super) fn poll<V, E>(
        &self,
        poll: impl FnOnce() -> Poll<Result<V, E>>,
    ) -> Poll<(Result<V, E>, bool)> {
        let polled = self.core.inside.with(|inside| {
            let staged = &inside.kept.get_or_init(Box::default).staged;
            staged.enter(self.address());
            let unstaging = Unstaging(self);
            let result = ready!(poll());
            if result.is_err() || self.call.get().is_some() || self.core.is_noted() {
                drop(unstaging);
                return Poll::Ready((result, self.call.get().is_none()));
            }
            std::mem::forget(unstaging);
            // Events from outside came first.
            self.core.drain_outside();
            staged.leave();
            Poll::Ready((result, true))
        });
        // The driver polls its calls within the access.
        polled.unwrap_or_else(|| unexpected())
    }

    /// What is staged is shared.
    #[inline]
    fn unstage(&self) {
        self.while_polled(|_, staged| {
            if staged.is_empty() {
                staged.leave();
            } else {
                self.share_staged();
            }
        });
    }

    #[cold]
    #[inline(never)]
    fn share_staged(&self) {
        let staged = self.take_staged();
        self.share().lock().emitted.splice(..0, staged);
    }

    /// Takes what is staged out of the queue.
    #[cold]
    fn take_staged(&self) -> Vec<Emitted<G>> {
        let taken = self.while_polled(|inside, staged| {
            let activations = inside.queue.take_last(staged.activations());
            (staged.take(), activations)
        });
        let Some((events, activations)) = taken else {
            return Vec::new();
        };
        let ends = events.iter().skip(1).map(|(_, begin)| *begin);
        let ends: Vec<_> = ends.chain([activations.len()]).collect();
        let mut activations = activations.into_iter();
        let mut emitted = Vec::with_capacity(activations.len());
        for ((event, begin), end) in events.into_iter().zip(ends) {
            if begin == end {
                emitted.push(Emitted::new(event.name, true, None));
            }
            for (number, activation) in activations.by_ref().take(end - begin).enumerate() {
                emitted.push(Emitted::new(event.name, number == 0, Some(activation)));
            }
        }
        emitted
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

    /// Emits an event of a call that is shared.
    #[cold]
    #[inline(never)]
    fn emit_shared<E: Event>(&self, event: E) {
        let call = self.share();
        // Without the lock, as the event may be cloned.
        let mut emitted = {
            let mut done = call.lock();
            if self.is_given_up(&done) {
                drop(done);
                return;
            }
            std::mem::take(&mut done.emitted)
        };
        let name = E::DESC.name;
        let mut is_new = true;
        G::deliver(event, |activation| {
            let is_new = std::mem::take(&mut is_new);
            emitted.push(Emitted::new(name, is_new, Some(activation)));
        });
        if is_new {
            // No clause takes it.
            emitted.push(Emitted::new(name, true, None));
        }
        let late = {
            let mut done = call.lock();
            if done.closed || self.is_given_up(&done) {
                emitted
            } else {
                // Another thread may have emitted meanwhile.
                emitted.append(&mut done.emitted);
                std::mem::replace(&mut done.emitted, emitted)
            }
        };
        drop(late);
    }

    /// The engine behind it.
    #[cfg(feature = "testing")]
    pub(crate) fn engine(&self) -> Engine<G> {
        Engine::new(Arc::clone(&self.core))
    }
}

/// Shares what is staged, after a panic as well.
struct Unstaging<'a, G: Graph>(&'a CallRouter<G>);

impl<G: Graph> Drop for Unstaging<'_, G> {
    #[inline]
    fn drop(&mut self) {
        self.0.unstage();
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

impl<G: Graph> sealed::Router for CallRouter<G> {}

impl<G: Graph> Router for CallRouter<G> {
    #[inline(always)]
    #[allow(
        clippy::inline_always,
        reason = "a call saves and restores more than is left to do for most events"
    )]
    fn emit<E: Event>(&self, event: E) {
        let mut event = Some(event);
        // An observer is told of what a call has emitted when it has ended.
        if self.call.get().is_none() && !self.core.is_noted() {
            self.while_polled(|inside, staged| {
                staged.emits(const { &E::DESC });
                G::deliver(event.take()?, |activation| {
                    inside.queue.push(activation);
                    staged.push();
                });
                Some(())
            });
        }
        if let Some(event) = event {
            self.emit_shared(event);
        }
    }

    type Put<'a, T: Send + 'static> = Put<'a, G>;

    fn put<T: Send + 'static>(&self, item: T) -> Put<'_, G> {
        if let Some(call) = self.call.get()
            && let Some(recorded) = &call.recorded
            && call.lock().puts_first()
        {
            self.core.inside.with(|inside| {
                let row = Change::Put(recorded.puts.clone(), Vec::new());
                inside.recording()?.write(row);
                Some(())
            });
        }
        Put::new(&self.core, G::item(item))
    }

    fn put_later<'a, T: Send + 'static>(
        &'a self,
        put: Put<'a, G>,
    ) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Engine::new(Arc::clone(&self.core)).put_again(put.into_item())
    }

    fn stop(&self) {
        let mut done = self.share().lock();
        if !self.is_given_up(&done) {
            done.stopped = true;
        }
    }

    fn resource<T: ?Sized + Send + Sync + 'static>(&self) -> Option<Res<T>> {
        self.core.inside.with(Inside::resource)?
    }

    fn state<T: Send + 'static>(&self) -> Option<State<T>> {
        self.core.inside.with(Inside::state)?
    }

    fn execution_id(&self) -> ExecutionId {
        self.core.id()
    }

    fn idempotency_key(&self, call: u64) -> IdempotencyKey {
        match self.recorded() {
            Some(of) => IdempotencyKey::of_recorded(of.started, of.incarnation, &of.attempts),
            None => IdempotencyKey::of_call(self.core.id(), call),
        }
    }

    fn snapshot<T: Send + 'static>(&self) -> Option<Snapshot<T>> {
        let states = G::CODEC?.states.iter().enumerate();
        let mut states = states.filter(|(_, state)| (state.type_id)() == TypeId::of::<T>());
        let (number, state) = states.next()?;
        let committed = self.shared::<StateTurns>()?.committed(number);
        let inside = &self.core.inside;
        let snapshot = match committed {
            Some(committed) => Ok(committed),
            None => inside
                .with(|inside| read(inside, number))?
                .and_then(|now| now.ok_or_else(|| CodecError::NoClause((state.name)().to_owned()))),
        };
        match snapshot.and_then(|bytes| (state.copy)(&bytes)) {
            Ok(snapshot) => snapshot.downcast().ok().map(|snapshot| *snapshot),
            Err(error) => {
                inside.with(|inside| inside.end(not_recorded(error)));
                None
            }
        }
    }

    fn first_attempt(&self) -> u32 {
        self.recorded().map_or(1, |before| before.failed + 1)
    }

    fn retried(&self, attempt: u32) {
        self.undo();
        self.share().lock().retried = true;
        if let Some(recorded) = self.recorded() {
            self.core.inside.with(|inside| {
                let row = attempt.to_be_bytes().to_vec();
                inside
                    .recording()?
                    .write(Change::Put(recorded.attempts.clone(), row));
                Some(())
            });
        }
        self.core.tell_retried(attempt);
    }

    fn fail_without_clock(&self, why: BoxError) {
        self.core.fail(|_| FlowError::runtime(why));
    }

    fn waits(&self) -> u32 {
        let waits = self.core.inside.with(|inside| inside.waits.get());
        waits.unwrap_or(0)
    }

    fn contexts(&self) -> usize {
        self.call.get().map_or(1, |call| call.lock().contexts)
    }

    fn poll_contexts(&self, left: usize, task: &mut Context<'_>) -> Poll<()> {
        let Some(call) = self.call.get() else {
            // There is the one context of the call.
            return Poll::Ready(());
        };
        let mut done = call.lock();
        if done.contexts <= left {
            return Poll::Ready(());
        }
        done.waits = Some(task.waker().clone());
        Poll::Pending
    }

    fn give_up_contexts(&self) {
        let Some(call) = self.call.get() else {
            return;
        };
        let clones = {
            let mut done = call.lock();
            done.attempt = done.attempt.wrapping_add(1);
            std::mem::replace(&mut done.contexts, 1).saturating_sub(1)
        };
        for _ in 0..clones {
            self.core.remove_context();
        }
    }

    fn yield_soon(&self) {
        self.core.inside.with(|inside| inside.budget.set(0));
    }

    fn ending(&self) -> impl Future<Output = ()> + Send {
        self.core.until_ending()
    }

    fn is_ending(&self) -> bool {
        self.core.is_ending()
    }

    fn note_given_up(&self) {
        self.core.note_given_up();
    }

    fn stage_watch(&self) -> Option<Box<dyn Any + Send>> {
        let watch = self.core.watch.get()?;
        let stage = self.core.stage_watch(watch)?;
        Some(Box::new(stage))
    }

    fn polled_slot(&self) -> Option<PolledSlot> {
        let slot = self.core.inside.with(Inside::slot)?;
        let execution = self.core.address();
        Some(PolledSlot { execution, slot })
    }

    fn finish_later(&self, stage: GivenUp) {
        self.core.take_over(stage);
    }

    #[allow(clippy::type_complexity, reason = "an opaque type has no alias")]
    fn ask_in_place<Q: Event>(
        &self,
        question: Q,
        within: Option<Duration>,
        reminder: Option<(usize, Q)>,
    ) -> Option<(
        Asked<Q>,
        impl Future<Output = Result<Q::Answer, NoReply>> + Send,
    )> {
        Some(self.core.ask_in_place(question, within, reminder))
    }

    fn takes_turns(&self) -> bool {
        self.core.takes_turns()
    }

    fn shared<T: Send + Sync + 'static>(&self) -> Option<Res<T>> {
        self.core.inside.with(Inside::shared)?
    }
}
