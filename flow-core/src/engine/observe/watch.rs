//! The observers of an execution, and the steps that are reported to them.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, PoisonError};

use tokio::time::Instant;

use crate::engine::ending::Ending;
use crate::engine::inside::position::StepNumber;
use crate::engine::observe::trace::{ParentSpan, Trace};
use crate::lifecycle::{ExecutionId, LifecycleKind, Observer, Origin, Step};
use crate::macro_support::drop::{drop_catching, drop_payload};
use crate::sync::Mutex;

/// The observers and the state of their reports. Present only if something observes the execution.
pub(crate) struct Watch {
    /// The spans, if the execution is traced.
    pub(crate) trace: Option<Trace>,
    origin: Origin,
    begun: Instant,
    /// `None` after the end.
    observers: Mutex<Option<Arc<Observers>>>,
    steps: Mutex<Steps>,
}

/// The observers of an execution, which those of its stages share: one that is added later is told
/// of them as well.
#[derive(Default)]
struct Observers(Mutex<Arc<[Observer]>>);

/// What the execution of a stage needs to report to the observers of its parent.
pub(crate) struct StageWatch {
    observers: Arc<Observers>,
    begun: Instant,
    parent: ExecutionId,
    span: ParentSpan,
}

#[derive(Default)]
struct Steps {
    next: u64,
    /// Parallel to the queue of activations: their numbers and causes. It is shorter if something
    /// was queued before the execution was observed.
    queued: VecDeque<(u64, StepNumber)>,
}

impl Watch {
    /// Begins to observe an execution that is not a stage.
    pub(crate) fn new(origin: Origin, trace: Option<Trace>) -> Self {
        Self {
            trace,
            origin,
            begun: Instant::now(),
            observers: Mutex::new(Some(Arc::default())),
            steps: Mutex::default(),
        }
    }

    /// Begins to observe the execution of a stage, which has no parent in `origin`.
    pub(crate) fn within(stage: StageWatch, origin: Origin) -> Self {
        let parent = Some(stage.parent);
        Self {
            trace: stage.span.begin(origin.graph),
            origin: Origin { parent, ..origin },
            begun: stage.begun,
            observers: Mutex::new(Some(stage.observers)),
            steps: Mutex::default(),
        }
    }

    /// For a stage whose handler has the span. `None` after the end.
    pub(super) fn stage(&self, span: ParentSpan) -> Option<StageWatch> {
        Some(StageWatch {
            observers: self.observers()?,
            begun: self.begun,
            parent: self.origin.execution,
            span,
        })
    }

    fn observers(&self) -> Option<Arc<Observers>> {
        let observers = self.observers.lock();
        observers.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn add(&self, observer: Observer) {
        if let Some(observers) = self.observers() {
            let mut list = observers.0.lock().unwrap_or_else(PoisonError::into_inner);
            *list = list.iter().cloned().chain([observer]).collect();
        }
    }

    pub(super) fn tell(&self, step: StepNumber, kind: LifecycleKind) {
        let Some(observers) = self.observers() else {
            return;
        };
        let list = Arc::clone(&observers.0.lock().unwrap_or_else(PoisonError::into_inner));
        let event = self
            .origin
            .event(self.begun.elapsed(), step.map(Step::new), kind);
        for observer in list.iter() {
            // The panic hook has reported the panic of an observer; the execution goes on.
            if let Err(payload) = catch_unwind(AssertUnwindSafe(|| observer(&event))) {
                drop_payload(payload);
            }
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
        // `Ended` is the last, even if a task that was left behind still emits.
        let observers = {
            let mut observers = self
                .observers
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            observers.take()
        };
        // Observers hold values of the user, which are dropped without the lock.
        drop_catching(observers);
    }

    /// An activation was queued.
    pub(crate) fn queued(&self, cause: StepNumber) {
        self.steps(|steps| {
            let number = steps.next;
            steps.next += 1;
            steps.queued.push_back((number, cause));
        });
    }

    /// The first activation in the queue was taken, and `left` remain.
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
