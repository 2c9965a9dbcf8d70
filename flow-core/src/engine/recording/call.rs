//! One call of a handler in a durable flow: what it emits and writes counts when it has ended well.

use std::any::{Any, TypeId};
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::engine::core::Core;
use crate::engine::inside::Inside;
use crate::engine::log::call::{Call, Done, Emitted, RecordedCall};
use crate::engine::log::held::Held;
use crate::engine::recording::durable::Durable;
use crate::engine::recording::hooks::not_recorded;
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
use crate::macro_support::durable::outside::AskedBefore;
use crate::macro_support::durable::path::{CallPath, Place};
use crate::macro_support::durable::turns::{StateTurn, StateTurns};
use crate::macro_support::graph::Graph;
use crate::macro_support::recorder::Recorder;
use crate::question::Asked;
use crate::records::rows::{Change, key};
use crate::resource::Res;
use crate::snapshot::Snapshot;
use crate::state::State;

/// The router of one call. It is over when no clone of it lives.
pub(crate) struct CallRouter<G: Graph> {
    core: Arc<Core<G>>,
    /// `None` when the call is over, whose place the next one has.
    call: Option<Arc<Call<G>>>,
    /// The attempt of a clone, which counts as an emitter. The router of the call itself does not,
    /// as a handler runs.
    clone_in: Option<u32>,
}

impl<G: Graph> CallRouter<G> {
    /// Whether it is a clone of an attempt that has failed.
    fn is_given_up(&self, done: &Done<G>) -> bool {
        self.clone_in.is_some_and(|attempt| attempt != done.attempt)
    }

    /// Forgets what the call has emitted, and gives its states the values that they had before.
    fn undo(&self) {
        self.give_up_contexts();
        let undone = {
            let mut done = self.call().lock();
            done.stopped = false;
            std::mem::take(&mut done.emitted)
        };
        drop_each_catching(undone);
        let Some(codec) = G::CODEC.filter(|_| !self.call().before.is_empty()) else {
            return;
        };
        self.core.inside.with(|inside| {
            inside.with_states(&mut |states| {
                for (number, before) in &self.call().before {
                    let state = codec.states.get(*number);
                    if let Some(Err(error)) = state.map(|state| (state.write)(states, before)) {
                        inside.end(not_recorded(error));
                    }
                }
            });
        });
    }
}

impl<G: Graph> CallRouter<G> {
    /// Calls `access` with what the call has done. Its last clone may still be on its way out, on
    /// another thread; otherwise no lock is needed.
    fn with_done<R>(&mut self, access: impl FnOnce(&mut Done<G>) -> R) -> R {
        match self.call.as_mut().and_then(Arc::get_mut) {
            Some(call) => access(call.done_mut()),
            None => access(&mut self.call().lock()),
        }
    }

    fn call(&self) -> &Arc<Call<G>> {
        match &self.call {
            Some(call) => call,
            None => unexpected(),
        }
    }
}

impl<G: Graph> CallRouter<G> {
    /// The engine behind it.
    #[cfg(feature = "testing")]
    pub(crate) fn engine(&self) -> Engine<G> {
        Engine::new(Arc::clone(&self.core))
    }
}

impl<G: Graph> Clone for CallRouter<G> {
    fn clone(&self) -> Self {
        let mut done = self.call().lock();
        let attempt = self.clone_in.unwrap_or(done.attempt);
        if attempt == done.attempt {
            done.contexts += 1;
            self.core.add_context();
        }
        Self {
            core: Arc::clone(&self.core),
            call: Some(Arc::clone(self.call())),
            clone_in: Some(attempt),
        }
    }
}

impl<G: Graph> Drop for CallRouter<G> {
    fn drop(&mut self) {
        let Some(attempt) = self.clone_in else {
            return;
        };
        let waits = {
            let mut done = self.call().lock();
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
    fn emit<E: Event>(&self, event: E) {
        // Without the lock, as the event may be cloned.
        let mut emitted = {
            let mut done = self.call().lock();
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
            let mut done = self.call().lock();
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

    type Put<'a, T: Send + 'static> = Put<'a, G>;

    fn put<T: Send + 'static>(&self, item: T) -> Put<'_, G> {
        if let Some(recorded) = &self.call().recorded
            && self.call().lock().puts_first()
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
        let mut done = self.call().lock();
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
        match &self.call().recorded {
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
        let before = self.call().recorded.as_ref();
        before.map_or(1, |before| before.failed + 1)
    }

    fn retried(&self, attempt: u32) {
        self.undo();
        self.call().lock().retried = true;
        if let Some(recorded) = &self.call().recorded {
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
        self.call().lock().contexts
    }

    fn poll_contexts(&self, left: usize, task: &mut Context<'_>) -> Poll<()> {
        let mut done = self.call().lock();
        if done.contexts <= left {
            return Poll::Ready(());
        }
        done.waits = Some(task.waker().clone());
        Poll::Pending
    }

    fn give_up_contexts(&self) {
        let clones = {
            let mut done = self.call().lock();
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

impl<G: Graph> Recorder<G> for Engine<G> {
    type Call = CallRouter<G>;

    #[inline]
    fn is_recorded(&self) -> bool {
        self.core().is_recorded()
    }

    fn recorded(&self, place: &Place) -> Option<Vec<u8>> {
        let recorded = self.core().inside.with(|inside| {
            let recording = inside.recording()?;
            recording.recorded(&place.key(recording.activation_in(inside.slot())))
        });
        recorded.flatten()
    }

    fn durable(&self) -> impl Future<Output = ()> + Send {
        Durable(self.core())
    }

    fn may_begin(&self) -> impl Future<Output = ()> + Send {
        poll_fn(|cx| {
            let may_begin = |inside: &Inside<G>| Some(inside.recording()?.log.poll_begin(cx));
            let may_begin = self.core().inside.with(may_begin).flatten();
            may_begin.unwrap_or(Poll::Ready(()))
        })
    }

    fn closes(&self) -> bool {
        let closes = |inside: &Inside<G>| {
            let recording = inside.recording()?;
            Some(recording.log.closes() || inside.awaits_ending())
        };
        self.core().inside.with(closes).flatten().unwrap_or(false)
    }

    fn diverges(&self) -> Option<String> {
        let left = self.core().inside.with(|inside| {
            let recording = inside.recording()?;
            recording.left_recorded_in(inside.slot())
        });
        left.flatten()
    }

    fn begin_call(&self, place: &Place, takes: &[bool]) -> CallRouter<G> {
        let recorded = |inside: &Inside<G>| {
            let recording = inside.recording()?;
            recording.log.call_begins();
            let activation = recording.activation_in(inside.slot());
            let (attempts, puts) = (place.attempts(activation), place.puts(activation));
            let failed = recording
                .recorded(&attempts)
                .and_then(|row| row.try_into().ok());
            if recording.recorded(&puts).is_some() {
                let restarted = place.name().to_owned();
                recording.log.lock().restarted.push(restarted);
            }
            Some(RecordedCall {
                attempts,
                failed: failed.map_or(0, u32::from_be_bytes),
                puts,
                started: recording.started,
                incarnation: recording.incarnation,
            })
        };
        let found = self.core().inside.with(|inside| {
            let kept = inside.kept.get();
            (
                recorded(inside),
                kept.and_then(|kept| kept.spare_call.take()),
            )
        });
        let (recorded, spare) = found.unwrap_or_default();
        let before = if takes.contains(&true) {
            let before = self.core().inside.with(|inside| states(inside, takes));
            before.unwrap_or_default()
        } else {
            Vec::new()
        };
        if !before.is_empty()
            && let Some(turns) = self.shared::<StateTurns>()
        {
            for (number, committed) in &before {
                turns.begin(*number, committed);
            }
        }
        CallRouter {
            core: Arc::clone(self.core()),
            call: Some(begun(spare, before, recorded)),
            clone_in: None,
        }
    }

    fn is_over(&self, call: &CallRouter<G>) -> impl Future<Output = ()> + Send {
        poll_fn(|cx| {
            // Without a clone, nothing else has it, and there will be none.
            if Arc::strong_count(call.call()) == 1 {
                return Poll::Ready(());
            }
            let mut done = call.call().lock();
            if done.contexts <= 1 {
                done.closed = true;
                return Poll::Ready(());
            }
            done.waits = Some(cx.waker().clone());
            Poll::Pending
        })
    }

    fn end_call(
        &self,
        call: &mut CallRouter<G>,
        place: &Place,
        succeeded: bool,
        result: &dyn Fn() -> Result<Vec<u8>, CodecError>,
        turn: Option<StateTurn>,
    ) {
        if !succeeded {
            call.undo();
        }
        let core = self.core();
        let (mut emitted, stopped, retried, has_put) = call.with_done(|done| {
            let emitted = std::mem::take(&mut done.emitted);
            (emitted, done.stopped, done.retried, done.has_put)
        });
        // The rows first: in the order of commits, the result comes before what it leads to.
        let failed = core.inside.with(|inside| {
            let recording = inside.recording()?;
            let slot = inside.slot();
            recording.note_written(slot);
            let written = (|| {
                let key = place.key(recording.activation_in(slot));
                recording.write(Change::Put(key, result()?));
                if let Some(rows) = &call.call().recorded {
                    if rows.failed > 0 || retried {
                        recording.write(Change::Delete(rows.attempts.clone()));
                    }
                    if has_put {
                        recording.write(Change::Delete(rows.puts.clone()));
                    }
                }
                for (number, before) in &call.call().before {
                    let Some(state) = recording.codec().states.get(*number) else {
                        continue;
                    };
                    if let Some(now) = read(inside, *number)?
                        && now != *before
                    {
                        recording.write(Change::Put(key::state((state.name)()), now));
                    }
                }
                Ok(())
            })();
            if let Some(turn) = turn {
                recording.hold(Held::Turn(turn));
            }
            written.err()
        });
        if let Some(error) = failed.flatten() {
            core.end(not_recorded(error));
            return;
        }
        for emitted in emitted.drain(..) {
            core.emit_of_call(emitted);
        }
        // The next call has its room.
        call.with_done(|done| done.emitted = emitted);
        if stopped {
            self.stop();
        }
    }

    fn call_is_over(&self, mut call: CallRouter<G>) {
        // No clone is left: the next call may have its place.
        self.core().inside.with(|inside| {
            if let Some(recording) = inside.recording() {
                recording.log.call_ends();
            }
            let kept = inside.kept.get_or_init(Box::default);
            kept.spare_call.set(call.call.take());
        });
    }

    fn abandon(&self, call: CallRouter<G>) {
        self.core().inside.with(|inside| {
            inside.recording()?.log.call_ends();
            Some(())
        });
        call.call().lock().closed = true;
        call.undo();
    }

    fn note(&self, place: &Place, row: Result<Vec<u8>, CodecError>) {
        self.core().inside.with(|inside| {
            let recording = inside.recording()?;
            match row {
                Ok(row) => {
                    let key = place.key(recording.activation_in(inside.slot()));
                    recording.note_written(inside.slot());
                    recording.write(Change::Put(key, row));
                }
                Err(error) => inside.end(not_recorded(error)),
            }
            Some(())
        });
    }

    fn winner(&self, place: &Place) -> Option<u32> {
        let winner: [u8; 4] = self.recorded(place)?.try_into().ok()?;
        Some(u32::from_be_bytes(winner))
    }

    fn note_winner(&self, place: &Place, branches: &[CallPath], winner: u32) {
        self.core().inside.with(|inside| {
            let recording = inside.recording()?;
            let slot = inside.slot();
            let activation = recording.activation_in(slot);
            recording.note_written(slot);
            let row = winner.to_be_bytes().to_vec();
            recording.write(Change::Put(place.key(activation), row));
            for (number, branch) in (0..).zip(branches) {
                if number != winner {
                    recording.forget_calls(branch.keys(activation));
                }
            }
            Some(())
        });
    }

    fn pass_over(&self, way: &CallPath) {
        self.core().inside.with(|inside| {
            let recording = inside.recording()?;
            let activation = recording.activation_in(inside.slot());
            recording.pass_over(&way.keys(activation));
            Some(())
        });
    }

    #[allow(clippy::type_complexity, reason = "an opaque type has no alias")]
    fn ask_recorded<Q: Event>(
        &self,
        question: Q,
        within: Option<Duration>,
        place: &Place,
        number: Option<u64>,
    ) -> (
        u64,
        Asked<Q>,
        impl Future<Output = Result<Q::Answer, NoReply>> + Send,
    ) {
        self.core().ask_recorded(question, within, place, number)
    }

    fn note_reply(&self, number: u64) {
        self.core().inside.with(|inside| {
            let recording = inside.recording()?;
            let batch = recording.log.lock().questions.replied.remove(&number)?;
            recording.with_slot(inside.slot(), |running| {
                running.wrote = running.wrote.max(batch);
            });
            Some(())
        });
    }

    fn ask_again<Q: Event>(&self, question: Q, before: AskedBefore) {
        self.core().ask_again(question, before);
    }

    fn enter_stage(&self, place: &Place) -> Option<(Box<dyn Any + Send>, bool)> {
        self.core().enter_stage(place)
    }

    fn leave_stage(&self, place: &Place, result: &dyn Fn() -> Result<Vec<u8>, CodecError>) {
        self.core().leave_stage(place, result);
    }

    fn fail_to_replay(&self, error: FlowError) {
        self.core().inside.with(|inside| inside.refuse(error));
    }
}

/// The states that the call takes, by their numbers, as they are now.
fn states<G: Graph>(inside: &Inside<G>, takes: &[bool]) -> Vec<(usize, Vec<u8>)> {
    let mut found = Vec::new();
    for (number, _) in takes.iter().enumerate().filter(|(_, taken)| **taken) {
        match read(inside, number) {
            Ok(state) => found.extend(state.map(|state| (number, state))),
            Err(error) => inside.end(not_recorded(error)),
        }
    }
    found
}

fn read<G: Graph>(inside: &Inside<G>, number: usize) -> Result<Option<Vec<u8>>, CodecError> {
    let state = G::CODEC.and_then(|codec| codec.states.get(number));
    let mut read = None;
    if let Some(state) = state {
        inside.with_states(&mut |states| read = (state.read)(states));
    }
    read.transpose()
}

/// The call that begins, in the place of one that is over, and with its room for events.
fn begun<G: Graph>(
    over: Option<Arc<Call<G>>>,
    before: Vec<(usize, Vec<u8>)>,
    recorded: Option<RecordedCall>,
) -> Arc<Call<G>> {
    if let Some(mut place) = over
        && let Some(call) = Arc::get_mut(&mut place)
    {
        call.begin_again(before, recorded);
        return place;
    }
    Arc::new(Call::new(before, recorded))
}
