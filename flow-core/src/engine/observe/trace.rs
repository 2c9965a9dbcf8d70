//! The spans of a traced execution: its own, and one for each call of a handler, which is entered
//! while the handler is polled.
//!
//! A guard of tracing cannot be held across an `.await`, so spans are entered by hand: an entered
//! span is in [`Current`], and taking it out exits it. All of this happens with the span's own
//! subscriber as the default, because the registry of tracing-subscriber relies on that, and an
//! execution may be polled where another one is the default.

use std::cell::Cell;
use std::fmt::Display;
use std::sync::PoisonError;

use tracing::field::{Empty, display};
use tracing::{Dispatch, Id, Span, dispatcher, info_span};

use crate::engine::ending::Ending;
use crate::engine::inside::position::{Run, StepNumber};
use crate::error::{At, FlowErrorKind};
use crate::graph::GraphDesc;
use crate::sync::Mutex;

/// Makes the span of an execution, with its parent if that is not the current span.
macro_rules! execution_span {
    ($name:expr, $($parent:tt)*) => {
        info_span!(
            target: "flow_core",
            $($parent)*
            "execution",
            flow = $name,
            otel.name = $name,
            error = Empty,
            cancelled = Empty,
            otel.status_code = Empty,
            otel.status_description = Empty,
        )
    };
}

/// The span of an execution, until that has ended.
pub(crate) struct Trace {
    execution: Mutex<Option<Span>>,
}

impl Trace {
    /// Begins the span of an execution. Returns `None` if no subscriber is interested in it.
    pub(crate) fn begin(graph: &GraphDesc) -> Option<Self> {
        Self::of(execution_span!(graph.name,))
    }

    fn of(span: Span) -> Option<Self> {
        let seen = !span.is_disabled();
        seen.then(|| Self {
            execution: Mutex::new(Some(span)),
        })
    }

    /// The parent of the span of a stage: the span of its handler, or that of this execution if the
    /// subscriber takes none of handlers.
    pub(super) fn as_parent(&self, handler: ParentSpan) -> ParentSpan {
        if handler.0.is_some() {
            return handler;
        }
        ParentSpan(self.execution())
    }

    fn execution(&self) -> Option<Span> {
        let execution = self.execution.lock();
        execution.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn end(&self, ending: Option<&Ending>) {
        let span = {
            let mut execution = self
                .execution
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            execution.take()
        };
        let Some(span) = span else { return };
        if let Some(Ending::Failed(error)) = ending {
            if error.kind() == FlowErrorKind::Cancelled {
                // Not an error: the reader may have seen enough.
                span.record("cancelled", true);
            } else {
                failed(&span, &format_args!("{error:#}"));
            }
        }
        close(span);
    }

    /// Begins the span of a call of a handler.
    pub(super) fn call(&self, at: At, run: Run) -> StoredSpan {
        let At { handler, event, .. } = at;
        if handler.is_none() {
            return StoredSpan::default();
        }
        let span = self.execution().and_then(|execution| {
            with_its_subscriber(&execution, |parent, _| {
                info_span!(
                    target: "flow_core",
                    parent: parent,
                    "handler",
                    handler,
                    event,
                    step = number(run.step()),
                    cause = number(run.cause),
                    otel.name = handler,
                    retries = Empty,
                    error = Empty,
                    otel.status_code = Empty,
                    otel.status_description = Empty,
                )
            })
        });
        StoredSpan(span.filter(|span| !span.is_disabled()).map(Box::new))
    }
}

/// The span in which that of a stage is, if its parent is traced.
#[derive(Default)]
pub(crate) struct ParentSpan(Option<Span>);

impl ParentSpan {
    /// Begins the span of the execution of a stage, for the subscriber of its parent.
    pub(super) fn begin(&self, graph: &GraphDesc) -> Option<Trace> {
        let span = with_its_subscriber(
            self.0.as_ref()?,
            |parent, _| execution_span!(graph.name, parent: parent,),
        );
        span.and_then(Trace::of)
    }
}

impl Drop for ParentSpan {
    fn drop(&mut self) {
        if let Some(span) = self.0.take() {
            close(span);
        }
    }
}

fn with_its_subscriber<R>(span: &Span, work: impl FnOnce(&Id, &Dispatch) -> R) -> Option<R> {
    span.with_subscriber(|(id, subscriber)| {
        dispatcher::with_default(subscriber, || work(id, subscriber))
    })
}

fn close(span: Span) {
    if let Some(subscriber) = span.with_subscriber(|(_, subscriber)| subscriber.clone()) {
        dispatcher::with_default(&subscriber, || drop(span));
    }
}

/// Records an error. tracing-opentelemetry takes the status from two of the fields.
fn failed(span: &Span, error: &dyn Display) {
    span.record("error", display(error));
    span.record("otel.status_code", "ERROR");
    span.record("otel.status_description", display(error));
}

/// A step as a signed number: OpenTelemetry has no unsigned ones, and would turn it into text.
fn number(step: StepNumber) -> Option<i64> {
    step.and_then(|step| i64::try_from(step).ok())
}

/// The span of a handler that is not being polled. Dropping it closes the span.
#[derive(Debug, Default)]
pub(crate) struct StoredSpan(Option<Box<Span>>);

impl StoredSpan {
    /// The handler has panicked.
    pub(crate) fn fail(&self, error: &dyn Display) {
        if let Some(span) = &self.0 {
            failed(span, error);
        }
    }

    /// Closes the span.
    pub(crate) fn close(self) {
        drop(self);
    }
}

impl Drop for StoredSpan {
    #[inline]
    fn drop(&mut self) {
        if let Some(span) = self.0.take() {
            close(*span);
        }
    }
}

/// The span of the handler that is being polled, entered.
#[derive(Default)]
pub(crate) struct Current(Cell<Option<Box<Span>>>);

impl Current {
    /// Enters the stored span until the guard is dropped, which stores the span that is current
    /// then.
    #[inline]
    pub(crate) fn enter<'a>(&'a self, stored: &'a mut StoredSpan) -> Entered<'a> {
        if stored.0.is_some() {
            self.resume(stored);
        }
        Entered {
            current: self,
            stored,
        }
    }

    /// Enters the span in place of the current one.
    pub(crate) fn resume(&self, stored: &mut StoredSpan) {
        drop(self.suspend());
        if let Some(span) = stored.0.take() {
            with_its_subscriber(&span, |id, subscriber| subscriber.enter(id));
            self.0.set(Some(span));
        }
    }

    /// Exits the current span.
    pub(crate) fn suspend(&self) -> StoredSpan {
        let span = self.0.take();
        if let Some(span) = &span {
            with_its_subscriber(span, |id, subscriber| subscriber.exit(id));
        }
        StoredSpan(span)
    }

    /// The current span, as the parent of another.
    pub(super) fn as_parent(&self) -> ParentSpan {
        let span = self.0.take();
        let parent = span.as_deref().cloned();
        self.0.set(span);
        ParentSpan(parent)
    }

    /// The handler has failed.
    pub(crate) fn fail(&self, error: &dyn Display) {
        self.suspend().fail(error);
    }

    /// Counts a retry of the handler.
    pub(crate) fn retry(&self, times: u32) {
        let span = self.0.take();
        if let Some(span) = &span {
            span.record("retries", i64::from(times));
        }
        self.0.set(span);
    }
}

/// The guard of [`Current::enter`].
pub(crate) struct Entered<'a> {
    current: &'a Current,
    stored: &'a mut StoredSpan,
}

impl Drop for Entered<'_> {
    #[inline]
    fn drop(&mut self) {
        let span = self.current.0.take();
        if span.is_some() {
            self.current.0.set(span);
            *self.stored = self.current.suspend();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing::field::{Empty, Field, Visit};
    use tracing::span::{Id, Record};
    use tracing::{Span, info_span};
    use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
    use tracing_subscriber::registry::Registry;

    use super::{Current, StoredSpan};

    #[derive(Clone, Default)]
    struct Numbers(Arc<Mutex<Vec<(&'static str, i64)>>>);

    impl Visit for Numbers {
        fn record_i64(&mut self, field: &Field, value: i64) {
            self.0.lock().unwrap().push((field.name(), value));
        }

        fn record_debug(&mut self, _field: &Field, _value: &dyn std::fmt::Debug) {}
    }

    impl Layer<Registry> for Numbers {
        fn on_record(&self, _id: &Id, values: &Record<'_>, _context: Context<'_, Registry>) {
            values.record(&mut self.clone());
        }
    }

    #[test]
    fn a_retry_is_counted_in_the_span_which_stays_entered() {
        let numbers = Numbers::default();
        let subscriber = Registry::default().with(numbers.clone());
        let _default = tracing::subscriber::set_default(subscriber);
        let current = Current::default();
        current.resume(&mut StoredSpan(Some(Box::new(info_span!(
            "handler",
            retries = Empty
        )))));
        for attempt in 1..=2 {
            current.retry(attempt);
            assert!(!Span::current().is_none());
        }
        drop(current.suspend());
        assert!(Span::current().is_none());
        let recorded = numbers.0.lock().unwrap().clone();
        assert_eq!(recorded, [("retries", 1), ("retries", 2)]);
    }
}
