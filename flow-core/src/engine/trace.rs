//! The spans of a traced execution: its own, and one for each call of a handler, entered for as long
//! as the handler is polled.
//!
//! A span is not entered by tracing's guard, which could not stay over an `.await`: what is entered
//! lies in [`Current`], and whoever takes it out leaves it. All of it is done with the subscriber that
//! knows the span as the default, since tracing-subscriber's registry relies on that, and an execution
//! may be polled where there is another.

use std::cell::Cell;
use std::fmt::Display;
use std::sync::{Mutex, PoisonError};

use tracing::field::{Empty, display};
use tracing::{Dispatch, Id, Span, dispatcher, info_span};

use crate::engine::shared::{Ending, Shared};
use crate::engine::watch::{Run, StepNumber, Watch};
use crate::error::FlowErrorKind;
use crate::graph::Graph;

/// The span of an execution, until that has ended.
pub(crate) struct Trace {
    execution: Mutex<Option<Span>>,
}

impl Trace {
    /// Of an execution that is made here; `None` if nobody would see the span.
    pub(crate) fn begin<G: Graph>() -> Option<Self> {
        let name = Some(G::DESC.name).filter(|name| !name.is_empty());
        let span = info_span!(
            target: "flow_core",
            "execution",
            flow = name,
            otel.name = name,
            error = Empty,
            cancelled = Empty,
            otel.status_code = Empty,
            otel.status_description = Empty,
        );
        let seen = !span.is_disabled();
        seen.then(|| Self {
            execution: Mutex::new(Some(span)),
        })
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
                // A reader may have seen enough.
                span.record("cancelled", true);
            } else {
                failed(&span, &format_args!("{error:#}"));
            }
        }
        close(span);
    }

    /// For a call of a handler.
    fn call(&self, handler: &'static str, event: Option<&'static str>, run: Run) -> Kept {
        let execution = {
            let execution = self
                .execution
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            execution.clone()
        };
        let span = execution.and_then(|execution| {
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
        Kept(span.filter(|span| !span.is_disabled()).map(Box::new))
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

/// Two of the fields are for tracing-opentelemetry, which takes the status from them.
fn failed(span: &Span, error: &dyn Display) {
    span.record("error", display(error));
    span.record("otel.status_code", "ERROR");
    span.record("otel.status_description", display(error));
}

/// Numbers are signed in OpenTelemetry; others become text there.
fn number(step: StepNumber) -> Option<i64> {
    step.and_then(|step| i64::try_from(step).ok())
}

/// The span of a handler that does not have its turn. Dropping it closes it.
#[derive(Debug, Default)]
pub(crate) struct Kept(Option<Box<Span>>);

impl Kept {
    /// The handler has panicked.
    pub(crate) fn fail(&self, error: &dyn Display) {
        if let Some(span) = &self.0 {
            failed(span, error);
        }
    }

    /// The handler is no more.
    pub(crate) fn close(self) {
        drop(self);
    }
}

impl Drop for Kept {
    #[inline]
    fn drop(&mut self) {
        if let Some(span) = self.0.take() {
            close(*span);
        }
    }
}

/// The span of the handler that is being polled. It is entered.
#[derive(Default)]
pub(crate) struct Current(Cell<Option<Box<Span>>>);

impl Current {
    /// Enters what was kept; a guard keeps what is there at its end.
    #[inline]
    pub(crate) fn turn<'a>(&'a self, kept: &'a mut Kept) -> Turn<'a> {
        if kept.0.is_some() {
            self.resume(kept);
        }
        Turn {
            current: self,
            kept,
        }
    }

    /// Enters the span, in place of what is there.
    pub(crate) fn resume(&self, kept: &mut Kept) {
        drop(self.suspend());
        if let Some(span) = kept.0.take() {
            with_its_subscriber(&span, |id, subscriber| subscriber.enter(id));
            self.0.set(Some(span));
        }
    }

    /// Leaves the span that is there.
    pub(crate) fn suspend(&self) -> Kept {
        let span = self.0.take();
        if let Some(span) = &span {
            with_its_subscriber(span, |id, subscriber| subscriber.exit(id));
        }
        Kept(span)
    }

    /// The handler has failed.
    pub(crate) fn fail(&self, error: &dyn Display) {
        self.suspend().fail(error);
    }

    /// The handler has failed so many times, and goes on.
    pub(crate) fn retry(&self, times: u32) {
        let span = self.0.take();
        if let Some(span) = &span {
            span.record("retries", i64::from(times));
        }
        self.0.set(span);
    }
}

/// See [`Current::turn`].
pub(crate) struct Turn<'a> {
    current: &'a Current,
    kept: &'a mut Kept,
}

impl Drop for Turn<'_> {
    #[inline]
    fn drop(&mut self) {
        let span = self.current.0.take();
        if span.is_some() {
            self.current.0.set(span);
            *self.kept = self.current.suspend();
        }
    }
}

impl<G: Graph> Shared<G> {
    /// The span for the handler noted last, which is called now.
    pub(crate) fn span(&self, watch: &Watch) -> Kept {
        let Some(trace) = &watch.trace else {
            return Kept::default();
        };
        let running = self
            .local
            .with(|local| (local.run.get(), local.running.get()));
        let Some((run, index)) = running else {
            return Kept::default();
        };
        let Some((handler, trigger)) = G::DESC.mention(index) else {
            return Kept::default();
        };
        trace.call(handler.name, trigger.name(), run)
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

    use super::{Current, Kept};

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
        current.resume(&mut Kept(Some(Box::new(info_span!(
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
