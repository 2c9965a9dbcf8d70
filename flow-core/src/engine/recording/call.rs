//! The calls of handlers in a durable flow: what a call emits and writes counts when it has ended
//! well.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::engine::inside::Inside;
use crate::engine::log::call::{Call, RecordedCall};
use crate::engine::log::held::Held;
use crate::engine::recording::call_router::CallRouter;
use crate::engine::recording::durable::Durable;
use crate::engine::recording::hooks::not_recorded;
use crate::engine::recording::states::{read, states};
use crate::engine::router::Engine;
use crate::error::FlowError;
use crate::event::Event;
use crate::handler::router::{NoReply, Router as _};
use crate::macro_support::drop::drop_each_catching;
use crate::macro_support::durable::codec::CodecError;
use crate::macro_support::durable::outside::AskedBefore;
use crate::macro_support::durable::path::{CallPath, Place};
use crate::macro_support::durable::turns::{StateTurn, StateTurns};
use crate::macro_support::graph::Graph;
use crate::macro_support::recorder::{CallRow, Recorder};
use crate::question::Asked;
use crate::records::commit::Change;
use crate::records::key;

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

    #[inline]
    fn calls(&self) -> CallRouter<G> {
        CallRouter::new(Arc::clone(self.core()))
    }

    fn begin_shared(
        &self,
        call: &mut CallRouter<G>,
        place: &Place,
        takes: &[bool],
        turn: Option<StateTurn>,
    ) {
        let shared = self.begin_with(place, takes);
        shared.lock().turn = turn;
        call.begin_shared(shared);
    }

    #[inline]
    fn poll_call<V, E>(
        &self,
        call: &CallRouter<G>,
        poll: impl FnOnce() -> Poll<Result<V, E>>,
    ) -> Poll<(Result<V, E>, bool)> {
        call.poll(poll)
    }

    #[inline]
    fn is_shared(&self, call: &CallRouter<G>) -> bool {
        call.call().is_some()
    }

    fn poll_over(&self, call: &CallRouter<G>, task: &mut Context<'_>) -> Poll<()> {
        let Some(shared) = call.call() else {
            return Poll::Ready(());
        };
        // Without a clone, nothing else has it, and there will be none.
        if Arc::strong_count(shared) == 1 {
            return Poll::Ready(());
        }
        let mut done = shared.lock();
        if done.contexts <= 1 {
            done.closed = true;
            return Poll::Ready(());
        }
        done.waits = Some(task.waker().clone());
        Poll::Pending
    }

    fn end_call(&self, call: &mut CallRouter<G>, succeeded: bool, (place, result): CallRow<'_>) {
        if !succeeded {
            call.undo();
        }
        let core = self.core();
        let (mut emitted, stopped, retried, has_put, turn) = call.with_done(|done| {
            let emitted = std::mem::take(&mut done.emitted);
            let turn = done.turn.take();
            (emitted, done.stopped, done.retried, done.has_put, turn)
        });
        let shared = call.share();
        // The rows first: in the order of commits, the result comes before what it leads to.
        let failed = core.inside.with(|inside| {
            let recording = inside.recording()?;
            let slot = inside.slot();
            recording.note_written(slot);
            let written = (|| {
                let key = place.key(recording.activation_in(slot));
                recording.write(Change::Put(key, result()?));
                if let Some(rows) = &shared.recorded {
                    if rows.failed > 0 || retried {
                        recording.write(Change::Delete(rows.attempts.clone()));
                    }
                    if has_put {
                        recording.write(Change::Delete(rows.puts.clone()));
                    }
                }
                for (number, before) in &shared.before {
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
            drop_each_catching(emitted.drain(..));
        } else {
            for emitted in emitted.drain(..) {
                core.emit_of_call(emitted);
            }
            if stopped {
                self.stop();
            }
        }
        call.with_done(|done| done.emitted = emitted);
        // No clone is left: the next call may have its place.
        core.inside.with(|inside| {
            if let Some(recording) = inside.recording() {
                recording.log.call_ends();
            }
            let kept = inside.kept.get_or_init(Box::default);
            kept.spare_call.set(call.take_call());
        });
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
        reminder: Option<(usize, Q)>,
        place: &Place,
        number: Option<u64>,
    ) -> (
        u64,
        Asked<Q>,
        impl Future<Output = Result<Q::Answer, NoReply>> + Send,
    ) {
        self.core()
            .ask_recorded(question, within, reminder, place, number)
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

    fn ask_again<Q: Event>(&self, question: Q, reminder: Option<(usize, Q)>, before: AskedBefore) {
        self.core().ask_again(question, reminder, before);
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

impl<G: Graph> Engine<G> {
    /// A call begins that is recorded, or that takes states.
    fn begin_with(&self, place: &Place, takes: &[bool]) -> Arc<Call<G>> {
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
        Call::begun(spare, before, recorded)
    }
}
