//! The observers of an execution, and the steps that are reported to them.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::Instant;

use crate::engine::ending::Ending;
use crate::engine::inside::position::StepNumber;
use crate::engine::observe::trace::Trace;
use crate::lifecycle::{LifecycleEvent, LifecycleKind, Observer, Step};
use crate::macro_support::drop::{drop_catching, drop_payload};

/// The observers and the state of their reports. Present only if something observes the execution.
pub(crate) struct Watch {
    /// The spans, if the execution is traced.
    pub(crate) trace: Option<Trace>,
    begun: Instant,
    observers: Mutex<Arc<[Observer]>>,
    steps: Mutex<Steps>,
}

#[derive(Default)]
struct Steps {
    next: u64,
    /// Parallel to the queue of activations: their numbers and causes. It is shorter if something
    /// was queued before the execution was observed.
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

    pub(super) fn tell(&self, step: StepNumber, kind: LifecycleKind) {
        let event = LifecycleEvent {
            at: self.begun.elapsed(),
            step: step.map(Step::new),
            kind,
        };
        let observers = {
            let observers = self
                .observers
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            Arc::clone(&observers)
        };
        for observer in observers.iter() {
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
            std::mem::replace(&mut *observers, Arc::new([]))
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
