//! What those who watch an execution are told, and what has to be known for that: which run of a
//! clause it is, and what caused it.

use std::collections::VecDeque;
use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::Instant;

use crate::desc::StageDesc;
use crate::engine::quietly::drop_quietly;
use crate::engine::shared::{Ending, Shared};
use crate::engine::trace::Trace;
use crate::graph::Graph;
use crate::watch::{Lifecycle, LifecycleKind, Observer};

/// The number of a run of a clause; of none, if nobody watched when it began.
pub(crate) type StepNumber = Option<u64>;

/// What is known of what a slot runs, where somebody watches. (Every slot has one, and a driver is
/// moved several times on its way into a task: so it is small.)
#[derive(Clone, Copy, Default)]
pub(crate) struct Run {
    /// One more than the number of the step, or 0, above the two bits [`OPEN`] and [`NOBODY`].
    word: u64,
    /// The step that caused it.
    #[cfg(feature = "tracing")]
    pub(crate) cause: StepNumber,
}

/// A handler was called, other than in a branch, and has not returned.
const OPEN: u64 = 1;
/// The clause has no handlers: the flow itself sends a question out.
const NOBODY: u64 = 2;
const FLAGS: u32 = 2;

impl Run {
    #[cfg_attr(not(feature = "tracing"), allow(unused_variables))]
    fn new(step: u64, nobody: bool, cause: StepNumber) -> Self {
        Self {
            word: ((step + 1) << FLAGS) | if nobody { NOBODY } else { 0 },
            #[cfg(feature = "tracing")]
            cause,
        }
    }

    pub(crate) fn step(self) -> StepNumber {
        (self.word >> FLAGS).checked_sub(1)
    }

    fn is_open(self) -> bool {
        self.word & OPEN != 0
    }

    fn has_nobody(self) -> bool {
        self.word & NOBODY != 0
    }

    fn with_open(mut self, open: bool) -> Self {
        self.word = (self.word & !OPEN) | u64::from(open);
        self
    }
}

/// There is one only where somebody watches.
pub(crate) struct Watch {
    /// The spans, if it is traced.
    pub(crate) trace: Option<Trace>,
    begun: Instant,
    observers: Mutex<Arc<[Observer]>>,
    steps: Mutex<Steps>,
}

#[derive(Default)]
struct Steps {
    next: u64,
    /// Beside the queue of the execution: the numbers of what waits there, and their causes. It is
    /// shorter than that where something was queued before anybody watched.
    queued: VecDeque<(u64, StepNumber)>,
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            trace: None,
            begun: Instant::now(),
            observers: Mutex::new(Arc::new([])),
            steps: Mutex::default(),
        }
    }
}

impl Watch {
    #[cfg(feature = "tracing")]
    pub(crate) fn traced(trace: Trace) -> Self {
        Self {
            trace: Some(trace),
            ..Self::default()
        }
    }

    pub(crate) fn add(&self, observer: Observer) {
        let mut observers = self
            .observers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *observers = observers.iter().cloned().chain([observer]).collect();
    }

    fn tell(&self, step: StepNumber, what: LifecycleKind) {
        let event = Lifecycle {
            at: self.begun.elapsed(),
            step,
            what,
        };
        let observers = {
            let observers = self
                .observers
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            Arc::clone(&observers)
        };
        for observer in observers.iter() {
            // Its panic is its own: the panic hook reports it, and the execution goes on.
            drop(catch_unwind(AssertUnwindSafe(|| observer(&event))));
        }
    }

    fn steps<R>(&self, access: impl FnOnce(&mut Steps) -> R) -> R {
        access(&mut self.steps.lock().unwrap_or_else(PoisonError::into_inner))
    }

    #[cold]
    pub(crate) fn tell_started(&self) {
        self.tell(None, LifecycleKind::Started);
    }

    #[cold]
    pub(crate) fn tell_ended(&self, ending: Option<&Ending>) {
        let error = ending.and_then(Ending::error);
        self.tell(None, LifecycleKind::Ended { error });
        if let Some(trace) = &self.trace {
            trace.end(ending);
        }
        // It is the last, also while a task that was left behind emits into the void.
        let observers = {
            let mut observers = self
                .observers
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *observers, Arc::new([]))
        };
        // What they hold is the user's, and is dropped without the lock.
        drop_quietly(observers);
    }

    /// An activation was queued.
    pub(crate) fn queued(&self, cause: StepNumber) {
        self.steps(|steps| {
            let number = steps.next;
            steps.next += 1;
            steps.queued.push_back((number, cause));
        });
    }

    /// The first in the queue was taken, and so many are left.
    pub(crate) fn taken(&self, left: usize) -> (u64, StepNumber) {
        self.steps(|steps| {
            if steps.queued.len() > left
                && let Some(taken) = steps.queued.pop_front()
            {
                return taken;
            }
            let number = steps.next;
            steps.next += 1;
            (number, None)
        })
    }
}

/// What is told, and from where. None of it is called unless somebody watches.
impl<G: Graph> Shared<G> {
    /// A clause was entered by what was taken from the queue.
    #[cold]
    pub(crate) fn tell_entered(&self, watch: &Watch, index: usize, activation: (u64, StepNumber)) {
        let (step, cause) = activation;
        let desc = G::DESC.clauses.get(index);
        let trigger = desc.and_then(|clause| clause.trigger.name());
        let nobody = desc.is_some_and(|clause| clause.handlers.is_empty());
        let run = Run::new(step, nobody, cause);
        self.local.with(|local| local.run.set(run));
        let what = LifecycleKind::ClauseEntered {
            clause: index,
            trigger,
            cause,
        };
        watch.tell(Some(step), what);
        let first = desc.and_then(|clause| clause.route.first());
        if let Some(StageDesc::Handler(_)) = first {
            self.tell_called(watch);
        }
    }

    /// The handler noted last is called, in the clause itself.
    #[cold]
    pub(crate) fn tell_called(&self, watch: &Watch) {
        self.open(true);
        self.tell(watch, |handler| LifecycleKind::HandlerStarted { handler });
        let mut span = self.span(watch);
        self.local.with(|local| local.span.resume(&mut span));
    }

    /// The slot goes on, so that the handler that was called before has returned, if there is one.
    #[cold]
    pub(crate) fn tell_finished(&self, watch: &Watch) {
        if self.open(false) {
            self.tell_returned(watch);
        }
    }

    /// The handler whose turn it is has returned.
    #[cold]
    pub(crate) fn tell_returned(&self, watch: &Watch) {
        self.tell(watch, |handler| LifecycleKind::HandlerFinished { handler });
        self.local.with(|local| local.span.suspend().close());
    }

    #[cold]
    pub(crate) fn tell_failed(&self, watch: &Watch, error: &dyn Display) {
        self.open(false);
        self.tell(watch, |handler| LifecycleKind::HandlerFailed { handler });
        self.local.with(|local| local.span.fail(error));
    }

    /// Says whether a handler was called in the clause itself and has not returned, and notes whether
    /// one is now.
    fn open(&self, open: bool) -> bool {
        let before = self.local.with(|local| {
            let run = local.run.get();
            local.run.set(run.with_open(open));
            run.is_open()
        });
        before == Some(true)
    }

    /// Tells of the handler noted last.
    #[cold]
    pub(crate) fn tell(&self, watch: &Watch, what: impl FnOnce(&'static str) -> LifecycleKind) {
        let (step, handler) = self.who();
        let what = what(handler.unwrap_or("?"));
        if let LifecycleKind::HandlerRetried { attempt, .. } = what {
            self.local.with(|local| local.span.retry(attempt));
        }
        watch.tell(step, what);
    }

    #[cold]
    pub(crate) fn tell_emitted(&self, watch: &Watch, event: &'static str) {
        let (step, handler) = self.who();
        watch.tell(step, LifecycleKind::Emitted { event, handler });
    }

    #[cold]
    pub(crate) fn tell_put(&self, watch: &Watch) {
        let (step, handler) = self.who();
        watch.tell(step, LifecycleKind::Put { handler });
    }

    /// The step and the handler that run now, if it is one of this execution's on this thread.
    fn who(&self) -> (StepNumber, Option<&'static str>) {
        let running = self
            .local
            .with(|local| (local.run.get(), local.running.get()));
        let Some((run, handler)) = running else {
            return (None, None);
        };
        if run.has_nobody() {
            return (run.step(), None);
        }
        let handler = G::DESC.mention(handler).map(|(handler, _)| handler.name);
        (run.step(), handler)
    }
}
