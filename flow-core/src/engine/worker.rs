//! The engine as the generated loop sees it.

use std::future::Future;
use std::time::Duration;

use crate::engine::ending::Ending;
use crate::engine::inside::Inside;
use crate::engine::next::Next;
use crate::engine::observe::trace::StoredSpan;
use crate::engine::router::Engine;
use crate::engine::stream::put::Put;
use crate::error::{BoxError, FlowError, HandlerError};
use crate::event::Event;
use crate::handler::Handler;
use crate::lifecycle::LifecycleKind;
use crate::macro_support::dispatch::{input, unexpected};
use crate::macro_support::graph::{Graph, NO_HANDLER, Worker};
use crate::macro_support::reminding::Reminding;
use crate::macro_support::split::{Question, Split};
use crate::macro_support::type_map::AnyResource;
use crate::question::Asked;

impl<G: Graph> Engine<G> {
    /// Whether a stage waited for what the end of this execution has closed: its clause is given
    /// up, and the execution does not fail.
    #[cold]
    fn gives_up(&self, error: &BoxError) -> bool {
        let flow_error = error.downcast_ref::<FlowError>();
        self.core.is_ending() && flow_error.is_some_and(FlowError::is_given_up)
    }
}

impl<G: Graph> Worker<G> for Engine<G> {
    #[inline]
    fn next(&self) -> impl Future<Output = G::Activation> + Send {
        Next(&self.core)
    }

    #[inline]
    fn comes_to(&self, handler: usize) -> bool {
        if self.has_ended() {
            return false;
        }
        Worker::<G>::at(self, handler);
        true
    }

    #[inline]
    fn has_ended(&self) -> bool {
        if const { !G::DESC.may_end_amid_a_route() } {
            return false;
        }
        self.core.inside.with(Inside::has_ended) == Some(true)
    }

    #[inline]
    fn at(&self, handler: usize) {
        let watch = self.core.watch.get();
        if let Some(watch) = watch {
            self.core.tell_finished(watch);
        }
        self.core
            .inside
            .with(|inside| inside.position.set_handler(handler));
        if let Some(watch) = watch
            && handler != NO_HANDLER
        {
            self.core.tell_called(watch);
        }
    }

    type Branch = StoredSpan;

    #[inline]
    fn branch_enter(&self, handler: usize) -> StoredSpan {
        let Some(watch) = self.core.watch.get() else {
            return StoredSpan::default();
        };
        self.core.tell_finished(watch);
        self.core
            .inside
            .with(|inside| inside.position.set_handler(handler));
        self.core
            .tell(watch, |handler| LifecycleKind::HandlerStarted { handler });
        self.core.span(watch)
    }

    #[inline]
    fn branch_resume(&self, handler: usize, span: &mut StoredSpan) {
        self.core
            .inside
            .with(|inside| inside.position.set_handler(handler));
        if self.core.watch.get().is_some() {
            self.core.inside.with(|inside| inside.span.resume(span));
        }
    }

    #[inline]
    fn branch_suspend(&self, span: &mut StoredSpan) {
        if self.core.watch.get().is_some()
            && let Some(left) = self.core.inside.with(|inside| inside.span.suspend())
        {
            *span = left;
        }
    }

    #[inline]
    fn branch_exit(&self) {
        if let Some(watch) = self.core.watch.get() {
            self.core.tell_returned(watch);
        }
    }

    fn branch_runs(&self) {
        self.core.inside.with(|inside| inside.beside(1));
    }

    fn branch_left(&self) {
        self.core.inside.with(|inside| inside.beside(-1));
    }

    #[inline]
    fn failed(&self, error: &impl HandlerError) {
        if let Some(watch) = self.core.watch.get() {
            self.core.tell_failed(watch, error.as_display());
        }
    }

    #[inline]
    fn rescues<H: Handler>(&self, error: &H::Error) -> bool {
        self.failed(error);
        !(H::is_given_up(error) && self.core.is_ending())
    }

    fn ask<Q: Event>(&self, questions: (Q, Q), within: Option<Duration>) -> Asked<Q> {
        self.core.ask(questions, within)
    }

    fn ask_reminding<Q: Event>(
        &self,
        questions: (Q, Q, Q),
        within: Option<Duration>,
        reminder: usize,
    ) -> Asked<Q> {
        self.core.ask_reminding(questions, within, reminder)
    }

    fn ask_at<S: Split<Activation = G::Activation>, I: Send + 'static>(
        &self,
        arrived: I,
        carried: S::Carried,
    ) -> impl Future<Output = ()> + Send {
        let question = input::<Question<S>, I>(&mut Some(arrived));
        let question = question.unwrap_or_else(|| unexpected());
        self.core.ask_at::<S>(question, carried)
    }

    fn put_item(&self, item: G::Item) -> impl Future<Output = ()> + Send {
        Put::new(&self.core, Some(item))
    }

    fn fail(&self, error: BoxError) {
        self.failed(&error);
        if self.gives_up(&error) {
            return;
        }
        self.core.fail(|at| FlowError::failed(at, error));
    }

    #[cold]
    fn fail_of_first(&self, error: BoxError) {
        if self.gives_up(&error) {
            return;
        }
        self.core.fail(|at| FlowError::failed(at, error));
    }

    #[cold]
    fn fail_in_rescue(&self, error: BoxError, taken: &FlowError) {
        self.failed(&error);
        if self.gives_up(&error) {
            return;
        }
        let taken = taken.clone();
        self.core
            .fail(|at| FlowError::failed(at, error).in_rescue_of(taken));
    }

    #[cold]
    fn rescue_panics(&self, taken: &FlowError) {
        let taken = taken.clone();
        self.core
            .inside
            .with(|inside| inside.note_panicking_rescue(taken));
    }

    #[cold]
    fn ticked(&self, every: usize) {
        self.core
            .inside
            .with(|inside| inside.note_times(|times| times.ticked.push(every)));
    }

    #[cold]
    fn opened(&self, resource: AnyResource, next: G::Activation) {
        self.core
            .inside
            .with(|inside| inside.opened(resource, next));
    }

    #[cold]
    fn reminded(&self, reminding: Reminding) {
        self.core.reminded(reminding);
    }

    fn push(&self, activation: G::Activation) {
        self.core.push_sent(activation);
    }

    fn end(&self, output: G::Output) {
        let Some(output) = self.core.record_output(output, false) else {
            return;
        };
        if self.core.decide(output) {
            self.core.close_to_outside();
        }
    }

    fn end_now(&self, output: G::Output) {
        let Some(output) = self.core.record_output(output, true) else {
            return;
        };
        self.core.decide(output);
        // In a `finally`, an `end` has no effect.
        if !self.core.is_finalizing() {
            self.core.end(Ending::Done);
        }
    }
}
