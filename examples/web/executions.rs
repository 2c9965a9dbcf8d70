//! The executions that the server knows.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use flow_core::{
    AnswerError, Broadcast, Flow, FlowError, QuestionId, ShareOptions, SlowReaders, Spawned,
};
use serde::Serialize;
use tokio::task::JoinHandle;

use crate::article::{Item, Newsroom, Pace, Review, Topic, Verdict};

/// The number of executions that are kept, including those that have ended.
const KEPT: usize = 100;

/// The number of an execution's latest items that are kept for browsers that come late or come
/// back.
const REPLAY: usize = 5_000;

pub(crate) struct Executions {
    newsroom: Flow<Newsroom>,
    next: AtomicU64,
    known: Mutex<BTreeMap<u64, Arc<Known>>>,
}

/// An execution, and what the server does with it.
pub(crate) struct Known {
    topic: String,
    execution: Spawned<Newsroom>,
    pub(crate) items: Broadcast<Item>,
    /// Reads the items, so that the execution goes on without a browser.
    run: JoinHandle<Result<(), FlowError>>,
}

/// An entry of the list of executions.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Summary {
    id: u64,
    topic: String,
    ended: bool,
}

/// All executions that are kept are still running.
#[derive(Debug)]
pub(crate) struct TooMany;

impl Executions {
    /// Executions in which each word takes this long.
    pub(crate) fn new(pause: Duration) -> Self {
        // Numbers begin with the time, so that none is reused after a restart: a browser that was
        // left open would resume in the middle of another execution.
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let first = now.map_or(1, |now| now.as_secs());
        Self {
            newsroom: Newsroom::new().with(Pace(pause)),
            next: AtomicU64::new(first),
            known: Mutex::default(),
        }
    }

    /// Starts one, and returns its number.
    pub(crate) fn start(&self, topic: String) -> Result<u64, TooMany> {
        let mut known = self.known();
        while known.len() >= KEPT {
            let ended = known.iter().find(|(_, known)| known.has_ended());
            let oldest = *ended.ok_or(TooMany)?.0;
            known.remove(&oldest);
        }
        let mut execution = self.newsroom.spawn(Topic(topic.clone()));
        let items = execution.share(ShareOptions::new(SlowReaders::Skip).replay(REPLAY));
        let run = tokio::spawn(items.drain());
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let started = Known {
            topic,
            execution,
            items,
            run,
        };
        known.insert(id, Arc::new(started));
        Ok(id)
    }

    pub(crate) fn get(&self, id: u64) -> Option<Arc<Known>> {
        self.known().get(&id).cloned()
    }

    /// All executions that are kept, the latest first.
    pub(crate) fn list(&self) -> Vec<Summary> {
        let known = self.known();
        let newest_first = known.iter().rev();
        let summaries = newest_first.map(|(id, known)| Summary {
            id: *id,
            topic: known.topic.clone(),
            ended: known.has_ended(),
        });
        summaries.collect()
    }

    // A thread that panicked cannot have left a half-made entry here.
    fn known(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<Known>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    pub(crate) fn answer(
        &self,
        question: QuestionId<Review>,
        verdict: Verdict,
    ) -> Result<(), AnswerError<Verdict>> {
        self.execution.answer(question, verdict)
    }

    pub(crate) fn cancel(&self) {
        self.execution.cancel();
    }

    fn has_ended(&self) -> bool {
        self.run.is_finished()
    }
}
