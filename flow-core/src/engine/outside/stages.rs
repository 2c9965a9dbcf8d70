//! The stages that take events from outside, and the events that wait for one to begin.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, Weak};

use crate::engine::limits::Place;
use crate::macro_support::copies::AnyEvent;
use crate::sync::atomic::{AtomicUsize, Ordering};
use crate::sync::{Mutex, MutexGuard};

/// The execution of a stage, erased to what events from outside need of it.
pub(crate) trait Stage: Send + Sync {
    /// Whether its flow declares events of this type `external`.
    fn takes(&self, event: TypeId) -> bool;

    /// Takes the event, or gives it back because its end is decided.
    fn enter(&self, event: AnyEvent) -> Result<(), AnyEvent>;

    /// Nothing outside may be left that can send.
    fn look_again(&self);
}

/// All stages of a tree of executions. Each execution passes events on to its own, and is named by
/// its address.
#[derive(Default)]
pub(crate) struct Stages {
    /// The handles and senders of the outermost execution.
    senders: AtomicUsize,
    entries: Mutex<Entries>,
}

#[derive(Default)]
struct Entries {
    begun: u64,
    /// By the outer execution, in the order of their beginning.
    running: BTreeMap<(usize, u64), Weak<dyn Stage>>,
    /// In the order of sending.
    waiting: Vec<Waiting>,
}

/// An event that waits for a stage to begin.
pub(crate) struct Waiting {
    /// The execution whose stages may take it.
    pub(crate) within: usize,
    pub(crate) name: &'static str,
    pub(crate) id: u64,
    pub(crate) event: AnyEvent,
    /// A clause has taken it as well, so that it may be left.
    pub(crate) is_taken: bool,
    /// Its place among the pending events, in an execution that bounds them.
    #[allow(dead_code, reason = "its drop makes room")]
    pub(crate) place: Option<Place>,
}

impl Waiting {
    fn is_for(&self, within: usize, stage: &dyn Stage) -> bool {
        self.within == within && stage.takes((*self.event).type_id())
    }
}

impl Stages {
    /// Returns the stages that take the event, of those that have begun since the last call with
    /// this `since`. If there are none, the event waits for the first that begins, unless `is_open`
    /// tells that its execution has ended.
    pub(crate) fn find(
        &self,
        event: &mut Option<Waiting>,
        since: &mut u64,
        is_open: impl FnOnce() -> bool,
    ) -> Vec<Arc<dyn Stage>> {
        let mut entries = self.entries();
        let Some(sent) = event else {
            return Vec::new();
        };
        let running = entries
            .running
            .range((sent.within, *since)..=(sent.within, u64::MAX));
        let running = running.filter_map(|(_, stage)| stage.upgrade());
        let (taking, others): (Vec<_>, Vec<_>) =
            running.partition(|stage| stage.takes((*sent.event).type_id()));
        *since = entries.begun;
        if taking.is_empty() && is_open() {
            entries.waiting.extend(event.take());
        }
        drop(entries);
        // They may be the last owners.
        drop(others);
        taking
    }

    /// The stage takes the events that wait for it, in the order of sending, and then those that
    /// are sent while it is listed. Returns its key.
    pub(crate) fn begin(&self, within: usize, stage: &Arc<dyn Stage>) -> (usize, u64) {
        let mut refused = Vec::new();
        loop {
            let mut entries = self.entries();
            let is_open = refused.is_empty();
            let came = entries
                .waiting
                .extract_if(.., |sent| is_open && sent.is_for(within, &**stage));
            let came: Vec<_> = came.collect();
            if came.is_empty() {
                // Another stage may take what this one has not.
                entries.waiting.splice(..0, refused);
                let key = (within, entries.begun);
                entries.begun += 1;
                entries.running.insert(key, Arc::downgrade(stage));
                return key;
            }
            drop(entries);
            for sent in came {
                if let Err(event) = stage.enter(sent.event) {
                    refused.push(Waiting { event, ..sent });
                }
            }
        }
    }

    /// The stage with this key takes no more events.
    pub(crate) fn end(&self, key: (usize, u64)) {
        let stage = self.entries().running.remove(&key);
        drop(stage);
    }

    /// Takes the events that wait for a stage of this execution.
    pub(crate) fn take_waiting(&self, within: usize) -> Vec<Waiting> {
        let mut entries = self.entries();
        let taken = entries.waiting.extract_if(.., |sent| sent.within == within);
        taken.collect()
    }

    /// Whether events wait for a stage of this execution that no clause has taken either.
    pub(crate) fn has_untaken(&self, within: usize) -> bool {
        let entries = self.entries();
        let mut waiting = entries.waiting.iter();
        waiting.any(|sent| sent.within == within && !sent.is_taken)
    }

    /// How many events wait for a stage of this execution.
    pub(crate) fn count_waiting(&self, within: usize) -> usize {
        let entries = self.entries();
        let waiting = entries.waiting.iter();
        waiting.filter(|sent| sent.within == within).count()
    }

    pub(crate) fn has_senders(&self) -> bool {
        self.senders.load(Ordering::SeqCst) > 0
    }

    pub(crate) fn add_sender(&self) {
        self.senders.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn remove_sender(&self) {
        if self.senders.fetch_sub(1, Ordering::SeqCst) > 1 {
            return;
        }
        // A stage that begins later finds the count.
        let running: Vec<_> = {
            let entries = self.entries();
            entries.running.values().filter_map(Weak::upgrade).collect()
        };
        for stage in running {
            stage.look_again();
        }
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
