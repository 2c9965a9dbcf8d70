//! Where the engine records. Flows that are not durable, and executions without a store, pay for a
//! constant, and for one look.

use std::collections::BTreeSet;
use std::task::Context;

use tokio::time::Instant;

use crate::engine::core::Core;
use crate::engine::ending::Ending;
use crate::engine::inside::Inside;
use crate::engine::limits::Origin;
use crate::engine::log::held::Held;
use crate::engine::log::{Recording, Taken};
use crate::error::{FlowError, FlowErrorKind};
use crate::macro_support::durable::call::diverged;
use crate::macro_support::durable::codec::CodecError;
use crate::macro_support::graph::Graph;
use crate::macro_support::pairs::LastMatched;
use crate::records::commit::Change;
use crate::records::key;

/// In the row of a `finally`: a handler of it has stopped it.
pub(super) const STOPPED: &[u8] = b"stopped";

impl<G: Graph> Inside<G> {
    /// What records the execution.
    #[inline]
    pub(in crate::engine) fn recording(&self) -> Option<&Recording<G>> {
        if const { G::DESC.durable } {
            self.kept.get()?.recording.get()
        } else {
            None
        }
    }

    /// Records an activation that is to be queued. It goes into the queue at once if nothing does.
    #[inline]
    pub(crate) fn record(
        &self,
        origin: Option<Origin>,
        activation: G::Activation,
    ) -> Option<G::Activation> {
        let Some(recording) = self.recording() else {
            return Some(activation);
        };
        recording.note_written(self.slot());
        if let Err(error) = recording.push(origin, activation) {
            self.end(not_recorded(error));
        }
        None
    }

    #[inline]
    pub(crate) fn recorded(&self, activation: &G::Activation) -> Option<Taken> {
        Some(self.recording()?.taken(activation))
    }

    #[inline]
    pub(crate) fn begin_recorded(&self, taken: Option<Taken>) {
        if let (Some(recording), Some(taken)) = (self.recording(), taken) {
            let by_key = self.last_matched(&taken);
            recording.begin(self.slot(), &taken, by_key.as_ref());
        }
    }

    #[inline]
    pub(crate) fn wait_recorded(&self, taken: Option<Taken>) {
        if let (Some(recording), Some(taken)) = (self.recording(), taken) {
            recording.waits(&taken, self.last_matched(&taken).as_ref());
        }
    }

    /// What the event that was taken has matched, if its clause matches by a key.
    fn last_matched(&self, taken: &Taken) -> Option<LastMatched> {
        let (clause, _) = taken.part?;
        G::last_matched(&self.partners, clause)
    }

    /// What was held back takes effect, as far as it is durable, before the handlers are polled.
    #[inline]
    pub(crate) fn take_effect(&self, core: &Core<G>) {
        if let Some(recording) = self.recording() {
            core.apply_held(self, recording);
        }
    }

    /// The driver of a stage sleeps: it is woken when what it has done is durable.
    #[inline]
    pub(crate) fn note_asleep(&self, cx: &Context<'_>) {
        if let Some(recording) = self.recording()
            && recording.is_stage()
            && recording.is_awaited()
        {
            recording.log.lock().tasks.push(cx.waker().clone());
        }
    }

    /// Whether something is not durable yet: the execution is not over.
    #[inline]
    pub(crate) fn awaits_commit(&self) -> bool {
        self.recording().is_some_and(Recording::is_awaited)
    }

    /// Records the ending before the `finally` begins. Returns whether it is durable.
    pub(crate) fn record_ending(&self) -> bool {
        let Some(recording) = self.recording() else {
            return true;
        };
        if let Some(batch) = recording.ended.get() {
            return batch <= recording.log.acked();
        }
        let ending = self.first_ending.get();
        let ending = ending.map_or(Ending::Done, |ending| ending.borrow().clone());
        recording.write_ending(&ending);
        false
    }

    /// Whether an ending was recorded that is not durable yet: nothing begins any more.
    #[inline]
    pub(crate) fn awaits_ending(&self) -> bool {
        let recording = self.recording();
        recording.is_some_and(|recording| recording.ended.get() > Some(recording.log.acked()))
    }

    /// Records that the `finally` has begun.
    pub(crate) fn record_finally(&self) {
        if let Some(recording) = self.recording() {
            recording.write(Change::Put(key::FINALLY.to_owned(), Vec::new()));
        }
    }

    /// Records when a clause `every` ticks next.
    pub(crate) fn record_tick(&self, every: usize, next: Option<Instant>) {
        if let (Some(recording), Some(next)) = (self.recording(), next)
            && let Some(every) = recording.codec.every.get(every)
        {
            let next = recording.log.clock.wall(next).to_be_bytes().to_vec();
            recording.write(Change::Put(key::tick(every), next));
        }
    }

    /// The execution cannot go on with what is in its store.
    pub(super) fn refuse(&self, error: FlowError) {
        if let Some(recording) = self.recording() {
            recording.log.refuse(error.clone());
        }
        self.end(Ending::Failed(error));
    }

    /// What was queued or running is dropped.
    pub(crate) fn forget_recorded(&self) {
        if let Some(recording) = self.recording() {
            recording.forget_all();
        }
    }

    /// The events that waited for partners and do so no more go to `else` clauses.
    pub(crate) fn forget_waiting(&self) {
        if let Some(recording) = self.recording() {
            let mut waiting = BTreeSet::new();
            G::waiting_by_clause(&self.partners, |clause, events| {
                if events.iter().any(|number| *number > 0) {
                    waiting.insert(clause);
                }
            });
            recording.forget_waiting(|clause| waiting.contains(&clause));
        }
    }
}

impl<G: Graph> Core<G> {
    /// The clause in the current slot has come to its end.
    #[inline]
    pub(crate) fn end_recorded(&self) {
        if const { G::DESC.durable } {
            self.inside.with(|inside| {
                let recording = inside.recording()?;
                let left = recording.finish(inside.slot())?;
                if inside.has_ended() {
                    // A failure of a branch has ended it before the others came to their calls.
                    return None;
                }
                inside.refuse(diverged(&left, "the end of its clause"));
                Some(())
            });
        }
    }

    /// Records the value of an `end`, which is decided when that is durable.
    #[inline]
    pub(crate) fn record_output(&self, output: G::Output, now: bool) -> Option<G::Output> {
        if const { !G::DESC.durable } {
            return Some(output);
        }
        let mut output = Some(output);
        // Dropped after the access, because its destructor may access the cell.
        let mut late = None;
        self.inside.with(|inside| {
            // In a `finally`, an `end` has no effect.
            let recording = inside.recording().filter(|_| !inside.finalizing.get())?;
            let output = output.take()?;
            if recording.ended.get().is_some() {
                // A handler has stopped the execution before.
                late = Some(output);
                return None;
            }
            recording.note_written(inside.slot());
            match (recording.codec().output.encode)(&output) {
                Ok(row) => {
                    // The first one counts.
                    if !inside.has_output.get() && !recording.outputs.replace(true) {
                        recording.write(Change::Put(key::OUTPUT.to_owned(), row));
                    }
                    recording.hold(Held::Output(output));
                    if now {
                        recording.end(Ending::Done);
                    }
                }
                Err(error) => inside.end(not_recorded(error)),
            }
            Some(())
        });
        drop(late);
        output
    }

    /// Records a `stop`. Returns whether anything does.
    #[inline]
    pub(crate) fn record_stop(&self) -> bool {
        if const { !G::DESC.durable } {
            return false;
        }
        let recorded = self.inside.with(|inside| {
            let recording = inside.recording()?;
            recording.note_written(inside.slot());
            if inside.finalizing.get() {
                // How the execution ends was recorded before its `finally`, which stops here.
                recording.write(Change::Put(key::FINALLY.to_owned(), STOPPED.to_vec()));
            }
            recording.end(Ending::Stopped);
            Some(())
        });
        recorded.flatten().is_some()
    }
}

pub(crate) fn not_recorded(error: CodecError) -> Ending {
    Ending::Failed(FlowError::new(FlowErrorKind::NotRecorded, error))
}
