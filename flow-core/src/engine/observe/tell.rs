//! Reports the lifecycle of an execution to its observers.

use std::fmt::Display;
use std::sync::Arc;

use crate::engine::core::Core;
use crate::engine::inside::position::{Run, StepNumber};
use crate::engine::observe::trace::StoredSpan;
#[cfg(feature = "tracing")]
use crate::engine::observe::trace::Trace;
use crate::engine::observe::watch::{StageWatch, Watch};
use crate::graph::StageDesc;
use crate::lifecycle::{ClauseIndex, ClauseText, LifecycleKind, Observer, Origin, Step};
use crate::macro_support::graph::Graph;

/// Called only if something observes the execution, except for the first few, which begin that.
impl<G: Graph> Core<G> {
    /// The execution, unless it is one of a stage.
    pub(crate) fn origin(&self) -> Origin {
        Origin {
            execution: self.id(),
            parent: None,
            graph: G::DESC,
        }
    }

    fn watch(&self) -> &Watch {
        self.watch_or(|| Watch::new(self.origin(), None))
    }

    /// Adds an observer.
    pub(crate) fn observe(&self, observer: &Observer) {
        let ended = {
            // The driver notes the end under this lock, and looks for observers afterwards. So it
            // reports the end to those added before, and no other observer.
            let outside = self.lock_outside();
            let ended = self.noted_end(outside.as_deref());
            if ended.is_none() {
                self.watch().add(Arc::clone(observer));
            }
            ended
        };
        if let Some(ending) = ended {
            observer(&self.origin().over(ending.error()));
        }
    }

    /// Traces the execution, which nothing observes yet.
    #[cfg(feature = "tracing")]
    pub(crate) fn trace(&self) {
        if let Some(trace) = Trace::begin(G::DESC) {
            self.watch_or(|| Watch::new(self.origin(), Some(trace)));
        }
    }

    /// What observes the execution, for that of a stage whose handler is polled now.
    #[cold]
    pub(crate) fn stage_watch(&self, watch: &Watch) -> Option<StageWatch> {
        let current = self.inside.with(|inside| inside.span.as_parent());
        let trace = watch.trace.as_ref();
        let span = trace.map(|trace| trace.as_parent(current.unwrap_or_default()));
        watch.stage(span.unwrap_or_default())
    }

    /// Observes the execution, which is that of a stage, like its parent.
    #[cold]
    pub(crate) fn observe_within(&self, stage: StageWatch) {
        self.watch_or(|| Watch::within(stage, self.origin()));
    }

    /// A clause was entered by an activation from the queue.
    #[cold]
    pub(crate) fn tell_entered(&self, watch: &Watch, index: usize, activation: (u64, StepNumber)) {
        let (step, cause) = activation;
        self.inside
            .with(|inside| inside.run.set(Run::new(step, cause)));
        let Some(entered) = G::DESC.clauses.get(index) else {
            return;
        };
        let kind = LifecycleKind::ClauseEntered {
            clause: ClauseIndex::new(index),
            text: ClauseText::new(entered),
            trigger: entered.trigger.name(),
            cause: cause.map(Step::new),
        };
        watch.tell(Some(step), kind);
        if let Some(StageDesc::Handler(_)) = entered.route.first() {
            self.tell_called(watch);
        }
    }

    /// The current handler is called, in the clause itself.
    #[cold]
    pub(crate) fn tell_called(&self, watch: &Watch) {
        self.open(true);
        self.tell(watch, |handler| LifecycleKind::HandlerStarted { handler });
        let mut span = self.span(watch);
        self.inside.with(|inside| inside.span.resume(&mut span));
    }

    /// The slot goes on, so the handler that was called in the clause itself has returned.
    #[cold]
    pub(crate) fn tell_finished(&self, watch: &Watch) {
        if self.open(false) {
            self.tell_returned(watch);
        }
    }

    /// The current handler has returned.
    #[cold]
    pub(crate) fn tell_returned(&self, watch: &Watch) {
        self.tell(watch, |handler| LifecycleKind::HandlerFinished { handler });
        self.inside.with(|inside| inside.span.suspend().close());
    }

    #[cold]
    pub(crate) fn tell_failed(&self, watch: &Watch, error: &dyn Display) {
        self.open(false);
        self.tell(watch, |handler| LifecycleKind::HandlerFailed { handler });
        self.inside.with(|inside| inside.span.fail(error));
    }

    /// Notes whether a handler is called in the clause itself. Returns whether one was before.
    fn open(&self, open: bool) -> bool {
        let before = self.inside.with(|inside| {
            let run = inside.run.get();
            inside.run.set(run.with_open(open));
            run.is_open()
        });
        before == Some(true)
    }

    /// Reports a step of the current handler.
    #[cold]
    /// The current handler has failed in this attempt, and is retried.
    pub(crate) fn tell_retried(&self, attempt: u32) {
        if let Some(watch) = self.watch.get() {
            self.tell(watch, |handler| LifecycleKind::HandlerRetried {
                handler,
                attempt,
            });
        }
    }

    pub(crate) fn tell(&self, watch: &Watch, kind: impl FnOnce(&'static str) -> LifecycleKind) {
        let (step, handler) = self.current();
        let kind = kind(handler.unwrap_or("?"));
        if let LifecycleKind::HandlerRetried { attempt, .. } = kind {
            self.inside.with(|inside| inside.span.retry(attempt));
        }
        watch.tell(step, kind);
    }

    #[cold]
    pub(crate) fn tell_emitted(&self, watch: &Watch, event: &'static str) {
        let (step, handler) = self.current();
        watch.tell(step, LifecycleKind::Emitted { event, handler });
    }

    #[cold]
    pub(crate) fn tell_put(&self, watch: &Watch) {
        let (step, handler) = self.current();
        watch.tell(step, LifecycleKind::Put { handler });
    }

    /// The current step and handler, if the calling thread polls the execution.
    fn current(&self) -> (StepNumber, Option<&'static str>) {
        let current = self.inside.with(|inside| {
            let handler = inside.position.get().handler(G::DESC);
            (inside.run.get().step(), handler.map(|handler| handler.name))
        });
        current.unwrap_or_default()
    }

    /// The span of the current handler, which is called now.
    pub(crate) fn span(&self, watch: &Watch) -> StoredSpan {
        let Some(trace) = &watch.trace else {
            return StoredSpan::default();
        };
        let current = self
            .inside
            .with(|inside| (inside.position.get(), inside.run.get()));
        current.map_or_else(StoredSpan::default, |(position, run)| {
            trace.call(position.at(G::DESC), run)
        })
    }
}
