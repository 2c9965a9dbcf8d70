//! What an execution of a durable flow leaves in its store, and what of it takes effect when.
//!
//! A poll of the driver makes one batch of its [`Log`]: the rows that it changes. What they lead to
//! is [`Held`] back. When the store has made the rows durable, the driver is told ([`Log::ack`]),
//! and what was held takes effect: events go into the queue, states are free for the next call, the
//! output is decided. So nothing happens of which the cause could still be lost.
//!
//! | what | its row | removed with |
//! | --- | --- | --- |
//! | an activation, from the moment that it is queued | `activation/seat` | the end of its clause |
//! | the result of a call, or of a stage that is a flow | `call/id/place` | the end of its clause |
//! | all rows of such a stage | `call/id/place/…` | the end of the stage |
//! | a question, until it is answered | `question/number` | its answer, or the end of its time |
//! | when its reminder ticks next | `reminder/number` | its question |
//! | an answer, and an event from outside by its key | `answer/number`, `sent/key` | the execution |
//! | a state, after a call that has changed it | `state/name` | the execution |
//! | the output that was decided | `output` | |
//!
//! A seat that is left is taken by the next activation. Ids are given in the order of commits.
//! After a reload, the activations are queued in this order, and their clauses are gone through
//! again: a call that was recorded returns what it returned.

pub(crate) mod batches;
pub(crate) mod call;
pub(in crate::engine) mod clock;
pub(in crate::engine) mod held;
pub(crate) mod read;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::ops::Bound;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

use crate::engine::ending::Ending;
use crate::engine::inside::staged::Staged;
use crate::engine::limits::Origin;
use crate::engine::log::batches::Log;
use crate::engine::log::call::Call;
use crate::engine::log::held::{EndingRow, Held};
use crate::engine::log::read::{Head, not_read};
use crate::graph::TriggerDesc;
use crate::macro_support::drop::drop_each_catching;
use crate::macro_support::durable::codec::CodecError;
use crate::macro_support::graph::Graph;
use crate::macro_support::graph::GraphCodec;
use crate::macro_support::pairs::LastMatched;
use crate::records::bytes::Bytes;
use crate::records::codec::to_bytes;
use crate::records::commit::Change;
use crate::records::key;
use crate::records::rows::{ActivationRow, Rows};

/// What an execution of a durable flow has beside all others.
pub(crate) struct Kept<G: Graph> {
    /// Present if it is kept in a store.
    pub(in crate::engine) recording: OnceCell<Recording<G>>,
    /// What the call that is polled has emitted.
    pub(in crate::engine) staged: Staged,
    /// The place of a call that is over, for the next one that needs one.
    pub(in crate::engine) spare_call: Cell<Option<Arc<Call<G>>>>,
}

impl<G: Graph> Kept<G> {
    /// Drops what may hold the execution, whose handlers are dropped.
    pub(in crate::engine) fn give_up(&self) {
        drop(self.spare_call.take());
        if let Some(recording) = self.recording.get() {
            // A stage has its log together with the flow around it, in which others may wait.
            if !recording.is_stage() {
                let tasks = std::mem::take(&mut recording.log.lock().tasks);
                drop_each_catching(tasks);
            }
            drop_each_catching(recording.held.take());
        }
    }
}

impl<G: Graph> Default for Kept<G> {
    fn default() -> Self {
        Self {
            recording: OnceCell::new(),
            staged: Staged::default(),
            spare_call: Cell::new(None),
        }
    }
}

/// The recording of one execution, or of a stage of it. Only the thread that polls it has access.
pub(crate) struct Recording<G: Graph> {
    pub(in crate::engine) codec: &'static GraphCodec<G>,
    pub(in crate::engine) log: Arc<Log>,
    /// What the keys of all rows of a stage begin with.
    pub(in crate::engine) space: String,
    /// Which execution it is, of all that ever were.
    pub(in crate::engine) started: u64,
    pub(in crate::engine) incarnation: u64,
    /// What is held back, each with the number of the batch that has to be durable before.
    pub(in crate::engine) held: RefCell<VecDeque<(u64, Held<G>)>>,
    /// The id of the next activation.
    pub(in crate::engine) next: Cell<u64>,
    /// The ids of the activations in the queue, in its order.
    pub(in crate::engine) queued: RefCell<VecDeque<u64>>,
    /// By slot, what it runs.
    pub(in crate::engine) slots: RefCell<Vec<Running>>,
    /// By clause and part, the ids of the events that wait for partners, in their order.
    pub(in crate::engine) waiting: RefCell<HashMap<(usize, usize), VecDeque<u64>>>,
    /// By clause and number of arrival, the ids of the events that wait for others with their key.
    pub(in crate::engine) waiting_by_key: RefCell<HashMap<(usize, u64), u64>>,
    /// The rows of calls and stages that were recorded before a reload, by their keys without that
    /// of the space, until their clauses come to them again.
    pub(in crate::engine) recorded: RefCell<BTreeMap<String, Vec<u8>>>,
    /// The questions whose reminders have begun before a reload, and are not over.
    pub(in crate::engine) reminding: RefCell<BTreeSet<u64>>,
    /// The keys of the events from outside.
    pub(in crate::engine) sent: RefCell<BTreeSet<String>>,
    /// A value of `end` was recorded.
    pub(in crate::engine) outputs: Cell<bool>,
    /// The batch in which its ending was recorded.
    pub(in crate::engine) ended: Cell<Option<u64>>,
}

/// What a slot runs.
#[derive(Clone, Default)]
pub(in crate::engine) struct Running {
    /// The activation; of several events, the last one to arrive.
    pub(in crate::engine) activation: u64,
    /// The other events that it has begun with.
    pub(in crate::engine) partners: Vec<u64>,
    /// The number of the batch that it has last changed something in, or 0.
    pub(in crate::engine) wrote: u64,
    pub(in crate::engine) is_busy: bool,
}

/// An event that was taken from the queue, and its place if it has to wait for partners.
pub(crate) struct Taken {
    pub(in crate::engine) id: u64,
    pub(in crate::engine) part: Option<(usize, usize)>,
}

impl<G: Graph> Recording<G> {
    pub(in crate::engine) fn new(
        codec: &'static GraphCodec<G>,
        log: Arc<Log>,
        space: String,
        head: &Head,
    ) -> Self {
        Self {
            codec,
            log,
            space,
            started: head.started,
            incarnation: head.incarnation,
            held: RefCell::default(),
            // The first one has 0, and may be over before there is another.
            next: Cell::new(1),
            queued: RefCell::default(),
            slots: RefCell::default(),
            waiting: RefCell::default(),
            waiting_by_key: RefCell::default(),
            recorded: RefCell::default(),
            reminding: RefCell::default(),
            sent: RefCell::default(),
            outputs: Cell::new(false),
            ended: Cell::new(None),
        }
    }

    pub(in crate::engine) fn codec(&self) -> &'static GraphCodec<G> {
        self.codec
    }

    /// Changes rows of this execution.
    pub(in crate::engine) fn write(&self, change: Change) {
        self.log.write(change.within(&self.space));
    }

    /// Holds something back until the open batch is durable.
    pub(in crate::engine) fn hold(&self, held: Held<G>) {
        let batch = {
            let mut log = self.log.lock();
            log.holds = true;
            log.open_batch()
        };
        self.held.borrow_mut().push_back((batch, held));
    }

    /// The execution ends like this when that is durable.
    pub(in crate::engine) fn end(&self, ending: Ending) {
        self.write_ending(&ending);
        self.hold(Held::Ending(ending));
    }

    /// Records with what the execution ends; the first ending counts.
    pub(in crate::engine) fn write_ending(&self, ending: &Ending) {
        if self.ended.get().is_some() {
            return;
        }
        let row = match ending {
            Ending::Done => EndingRow::Done,
            Ending::Stopped => EndingRow::Stopped,
            Ending::Failed(error) => EndingRow::Failed(error.clone()),
        };
        match to_bytes(&row) {
            Ok(row) => {
                self.write(Change::Put(key::ENDING.to_owned(), row));
                self.ended.set(Some(self.log.lock().open_batch()));
            }
            Err(error) => self.log.refuse(not_read(error)),
        }
    }

    /// Queues an activation when the batch is durable.
    pub(in crate::engine) fn push(
        &self,
        origin: Option<Origin>,
        activation: G::Activation,
    ) -> Result<(), CodecError> {
        let (name, payload) = (self.codec.encode)(&activation)?;
        let id = self.next.get();
        let value = Bytes(payload);
        let row = to_bytes(&ActivationRow { id, name, value })?;
        self.next.set(id + 1);
        self.write(Change::Put(key::activation(id), row));
        self.hold(Held::Activation {
            id,
            origin,
            activation,
        });
        Ok(())
    }

    /// What was held back and is durable now.
    pub(in crate::engine) fn take_held(&self) -> Option<Held<G>> {
        let acked = self.log.acked();
        let mut held = self.held.borrow_mut();
        let is_durable = held.front().is_some_and(|(batch, _)| *batch <= acked);
        let next = if is_durable { held.pop_front() } else { None };
        next.map(|(_, held)| held)
    }

    /// Whether anything is not durable yet: the execution is not over.
    pub(in crate::engine) fn is_awaited(&self) -> bool {
        if self.is_stage() {
            return !self.held.borrow().is_empty();
        }
        self.log.is_awaited()
    }

    pub(in crate::engine) fn is_stage(&self) -> bool {
        !self.space.is_empty()
    }

    /// Notes that the slot has changed something in the open batch.
    pub(in crate::engine) fn note_written(&self, slot: u32) {
        let open = self.log.lock().open_batch();
        self.with_slot(slot, |running| running.wrote = open);
    }

    pub(in crate::engine) fn with_slot<R>(
        &self,
        slot: u32,
        access: impl FnOnce(&mut Running) -> R,
    ) -> R {
        let mut slots = self.slots.borrow_mut();
        let slot = slot as usize;
        if slots.len() <= slot {
            slots.resize(slot + 1, Running::default());
        }
        #[allow(clippy::indexing_slicing, reason = "it was made long enough")]
        access(&mut slots[slot])
    }

    /// The activation that the slot runs.
    pub(in crate::engine) fn activation_in(&self, slot: u32) -> u64 {
        self.with_slot(slot, |running| running.activation)
    }

    /// An activation was taken from the queue. It begins, or waits for its partners.
    pub(in crate::engine) fn taken(&self, activation: &G::Activation) -> Taken {
        let id = self.queued.borrow_mut().pop_front();
        Taken {
            // Only what `queue` has noted is in the queue.
            id: id.unwrap_or_default(),
            part: (self.codec.part)(activation),
        }
    }

    /// It waits for its partners. With `by`, its clause tells what it has matched.
    pub(in crate::engine) fn waits(&self, taken: &Taken, by_key: Option<&LastMatched>) {
        let Some(part) = taken.part else { return };
        if let Some(last) = by_key {
            let mut waiting = self.waiting_by_key.borrow_mut();
            waiting.insert((part.0, last.arrived), taken.id);
        } else {
            let mut waiting = self.waiting.borrow_mut();
            waiting.entry(part).or_default().push_back(taken.id);
        }
    }

    /// It begins in this slot, with the events that have waited for it.
    pub(in crate::engine) fn begin(&self, slot: u32, taken: &Taken, by_key: Option<&LastMatched>) {
        let partners = taken.part.map(|part| match by_key {
            Some(last) => self.matched_by_key(part.0, last),
            None => self.partners_of(part),
        });
        self.with_slot(slot, |running| {
            *running = Running {
                activation: taken.id,
                partners: partners.unwrap_or_default(),
                wrote: 0,
                is_busy: true,
            };
        });
    }

    /// The events that an event of this part of its clause completes.
    pub(in crate::engine) fn partners_of(&self, (clause, part): (usize, usize)) -> Vec<u64> {
        let mut waiting = self.waiting.borrow_mut();
        let Some(TriggerDesc::All(events)) = G::DESC.clauses.get(clause).map(|desc| desc.trigger)
        else {
            // `when E[n]`: it is the last of them.
            return waiting.remove(&(clause, part)).unwrap_or_default().into();
        };
        let others = (0..events.len()).filter(|other| *other != part);
        let first = |other| waiting.get_mut(&(clause, other))?.pop_front();
        others.filter_map(first).collect()
    }

    /// The events that have waited for the one that has arrived last.
    fn matched_by_key(&self, clause: usize, last: &LastMatched) -> Vec<u64> {
        let mut waiting = self.waiting_by_key.borrow_mut();
        let others = last.matched.iter().map(|number| number.get());
        // The last one has not waited.
        others
            .filter_map(|number| waiting.remove(&(clause, number)))
            .collect()
    }

    /// The clause in this slot has come to its end: its rows go with the batch. Returns the key of
    /// a recorded call that it has not come to again.
    pub(in crate::engine) fn finish(&self, slot: u32) -> Option<String> {
        let running = self.with_slot(slot, std::mem::take);
        if !running.is_busy {
            return None;
        }
        let calls = key::calls_of(running.activation);
        self.forget(running.activation);
        for partner in running.partners {
            self.forget(partner);
        }
        self.write(Change::DeleteAll(calls.clone()));
        self.left_recorded(&calls)
    }

    /// The key of a recorded call of this activation that its clause has not come to again.
    pub(in crate::engine) fn left_recorded(&self, calls: &str) -> Option<String> {
        let recorded = self.recorded.borrow();
        let left = recorded.range::<str, _>((Bound::Included(calls), Bound::Unbounded));
        let mut left = left.take_while(|(key, _)| key.starts_with(calls));
        // A call that was not over left rows as well.
        let left = left.find(|(key, _)| !key.ends_with(key::OF_BEGUN_CALLS));
        left.map(|(key, _)| key.clone())
    }

    /// The events that were left without their partners are given to `else` clauses: their rows go.
    /// Those of a clause that still `waits` have no `else`, and may yet meet their partners.
    pub(in crate::engine) fn forget_waiting(&self, waits: impl Fn(usize) -> bool) {
        self.waiting.borrow_mut().retain(|(clause, _), ids| {
            let is_kept = waits(*clause);
            for id in ids.iter().filter(|_| !is_kept) {
                self.forget(*id);
            }
            is_kept
        });
        self.waiting_by_key.borrow_mut().retain(|(clause, _), id| {
            let is_kept = waits(*clause);
            if !is_kept {
                self.forget(*id);
            }
            is_kept
        });
    }

    /// The row of the activation goes.
    fn forget(&self, id: u64) {
        self.write(Change::Delete(key::activation(id)));
        if id + 1 == self.next.get() {
            self.write_next();
        }
    }

    /// Records the id of the next activation, where the row of the last one does not tell it. An id
    /// is never given twice: keys by which the outside knows a call are made of them.
    fn write_next(&self) {
        let next = self.next.get().to_be_bytes().to_vec();
        self.write(Change::Put(key::NEXT.to_owned(), next));
    }

    /// What was queued or running is dropped, and its rows with it.
    pub(in crate::engine) fn forget_all(&self) {
        self.queued.take();
        self.slots.take();
        self.waiting.take();
        self.waiting_by_key.take();
        self.recorded.take();
        for rows in [key::ACTIVATIONS, key::CALLS, key::QUESTIONS, key::REMINDERS] {
            self.write(Change::DeleteAll(rows.to_owned()));
        }
        self.write_next();
    }

    /// The time of the wall at this instant.
    pub(in crate::engine) fn time(&self, at: Instant) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(self.log.clock.wall(at))
    }

    /// Takes the rows of the stage at this place of the clause in this slot, which were written
    /// before a crash, out of what is left.
    pub(in crate::engine) fn take_space(&self, space: &str) -> Rows {
        let mut recorded = self.recorded.borrow_mut();
        let mut after = recorded.split_off(space);
        let mut rows = Rows::default();
        after.retain(|key, row| {
            let within = key.strip_prefix(space);
            if let Some(within) = within {
                rows.put(within.to_owned(), std::mem::take(row));
            }
            within.is_none()
        });
        recorded.append(&mut after);
        rows
    }

    /// The key of a recorded call that the clause in this slot has not come to again.
    pub(in crate::engine) fn left_recorded_in(&self, slot: u32) -> Option<String> {
        if self.recorded.borrow().is_empty() {
            return None;
        }
        let activation = self.activation_in(slot);
        self.left_recorded(&key::calls_of(activation))
    }

    /// The calls whose keys begin like this are not made again.
    pub(in crate::engine) fn forget_calls(&self, keys: String) {
        self.pass_over(&keys);
        self.write(Change::DeleteAll(keys));
    }

    /// The clause does not come again to the calls whose keys begin like this. Their rows go with
    /// those of the clause.
    pub(in crate::engine) fn pass_over(&self, keys: &str) {
        let mut recorded = self.recorded.borrow_mut();
        let mut left = recorded.split_off(keys);
        left.retain(|key, _| !key.starts_with(keys));
        recorded.append(&mut left);
    }

    /// What was recorded of the call with this key, once.
    pub(in crate::engine) fn recorded(&self, call: &str) -> Option<Vec<u8>> {
        self.recorded.borrow_mut().remove(call)
    }
}
