//! What a handler does in a call of a durable flow.

use std::any::{Any, TypeId};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::engine::inside::Inside;
use crate::engine::log::call::Emitted;
use crate::engine::recording::call_router::CallRouter;
use crate::engine::recording::hooks::not_recorded;
use crate::engine::recording::states::read;
use crate::engine::router::Engine;
use crate::engine::stream::put::Put;
use crate::error::{BoxError, FlowError};
use crate::event::Event;
use crate::handler::router::{GivenUp, NoReply, PolledSlot, Router, sealed};
use crate::idempotency_key::IdempotencyKey;
use crate::lifecycle::ExecutionId;
use crate::macro_support::durable::codec::CodecError;
use crate::macro_support::durable::turns::StateTurns;
use crate::macro_support::graph::Graph;
use crate::question::Asked;
use crate::records::commit::Change;
use crate::resource::Res;
use crate::snapshot::Snapshot;
use crate::state::State;

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

impl<G: Graph> CallRouter<G> {
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
}
