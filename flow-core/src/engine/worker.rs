//! The engine as the handlers and the generated loop see it.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::engine::core::Core;
use crate::engine::ending::Ending;
use crate::engine::inside::Inside;
use crate::engine::observe::trace::StoredSpan;
use crate::engine::stream::put::Put;
use crate::error::{BoxError, FlowError, HandlerError};
use crate::event::Event;
use crate::handler::Handler;
use crate::handler::router::{GivenUp, NoReply, PolledSlot, Router, sealed};
use crate::lifecycle::{ExecutionId, LifecycleKind};
use crate::macro_support::dispatch::{input, unexpected};
use crate::macro_support::graph::{Graph, NO_HANDLER, Worker};
use crate::macro_support::reminding::Reminding;
use crate::macro_support::split::{Question, Split};
use crate::macro_support::type_map::AnyResource;
use crate::question::Asked;
use crate::resource::Res;
use crate::state::State;
use crate::sync::atomic::Ordering;

/// The router of an execution in memory. Each one, except that of the driver, is under way as long
/// as it lives.
pub(crate) struct Engine<G: Graph> {
    core: Arc<Core<G>>,
}

impl<G: Graph> Engine<G> {
    /// The engine of the driver, which does not count as an emitter.
    pub(crate) fn of_driver(core: Arc<Core<G>>) -> Self {
        Self { core }
    }

    pub(crate) fn core(&self) -> &Arc<Core<G>> {
        &self.core
    }

    pub(crate) fn new(core: Arc<Core<G>>) -> Self {
        core.contexts.fetch_add(1, Ordering::Relaxed);
        Self { core }
    }

    /// Puts an item that another `put` has given back, after those that wait already.
    #[cold]
    pub(crate) fn put_again(
        self,
        item: Option<G::Item>,
    ) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(async move { Put::new(&self.core, item).await })
    }
}

impl<G: Graph> Engine<G> {
    /// Whether a stage waited for what the end of this execution has closed: its clause is given
    /// up, and the execution does not fail.
    #[cold]
    fn gives_up(&self, error: &BoxError) -> bool {
        let flow_error = error.downcast_ref::<FlowError>();
        self.core.is_ending() && flow_error.is_some_and(FlowError::is_given_up)
    }
}

impl<G: Graph> Clone for Engine<G> {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.core))
    }
}

impl<G: Graph> Drop for Engine<G> {
    fn drop(&mut self) {
        self.core.remove_context();
    }
}

impl<G: Graph> fmt::Debug for Engine<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}

impl<G: Graph> sealed::Router for Engine<G> {}

impl<G: Graph> Router for Engine<G> {
    #[inline]
    fn emit<E: Event>(&self, event: E) {
        self.core.emit(event);
    }

    type Put<'a, T: Send + 'static> = Put<'a, G>;

    #[inline]
    fn put<T: Send + 'static>(&self, item: T) -> Put<'_, G> {
        Put::new(&self.core, G::item(item))
    }

    fn put_later<'a, T: Send + 'static>(
        &'a self,
        put: Put<'a, G>,
    ) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.clone().put_again(put.into_item())
    }

    fn stop(&self) {
        if !self.core.record_stop() {
            self.core.end(Ending::Stopped);
        }
    }

    fn resource<T: ?Sized + Send + Sync + 'static>(&self) -> Option<Res<T>> {
        self.core.inside.with(Inside::resource)?
    }

    fn state<T: Send + 'static>(&self) -> Option<State<T>> {
        self.core.inside.with(Inside::state)?
    }

    fn execution_id(&self) -> ExecutionId {
        self.core.id()
    }

    fn retried(&self, attempt: u32) {
        self.core.tell_retried(attempt);
    }

    fn fail_without_clock(&self, why: BoxError) {
        self.core.fail(|_| FlowError::runtime(why));
    }

    fn waits(&self) -> u32 {
        let waits = self.core.inside.with(|inside| inside.waits.get());
        waits.unwrap_or(0)
    }

    #[inline]
    fn takes_turns(&self) -> bool {
        self.core.takes_turns()
    }

    fn shared<T: Send + Sync + 'static>(&self) -> Option<Res<T>> {
        self.core.inside.with(Inside::shared)?
    }

    fn yield_soon(&self) {
        self.core.inside.with(|inside| inside.budget.set(0));
    }

    fn ending(&self) -> impl Future<Output = ()> + Send {
        self.core.until_ending()
    }

    #[inline]
    fn is_ending(&self) -> bool {
        self.core.is_ending()
    }

    fn note_given_up(&self) {
        self.core.note_given_up();
    }

    fn finish_later(&self, stage: GivenUp) {
        self.core.take_over(stage);
    }

    fn polled_slot(&self) -> Option<PolledSlot> {
        let slot = self.core.inside.with(Inside::slot)?;
        let execution = self.core.address();
        Some(PolledSlot { execution, slot })
    }

    #[allow(clippy::type_complexity, reason = "an opaque type has no alias")]
    fn ask_in_place<Q: Event>(
        &self,
        question: Q,
        within: Option<Duration>,
        reminder: Option<(usize, Q)>,
    ) -> Option<(
        Asked<Q>,
        impl Future<Output = Result<Q::Answer, NoReply>> + Send,
    )> {
        Some(self.core.ask_in_place(question, within, reminder))
    }

    #[inline]
    fn stage_watch(&self) -> Option<Box<dyn Any + Send>> {
        let watch = self.core.watch.get()?;
        let stage = self.core.stage_watch(watch)?;
        Some(Box::new(stage))
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
        let flow_error = error.downcast_ref::<FlowError>();
        if self.core.is_ending() && flow_error.is_some_and(FlowError::is_given_up) {
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
        self.core
            .inside
            .with(|inside| inside.note_times(|times| times.reminders.push(reminding)));
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

/// Waits for the next activation.
struct Next<'a, G: Graph>(&'a Core<G>);

impl<G: Graph> Future for Next<'_, G> {
    type Output = G::Activation;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<G::Activation> {
        let core = self.0;
        if core.is_noted_or_recorded() {
            return next_noted_or_recorded(core, cx);
        }
        if let Some(rest) = next_rest(core) {
            return Poll::Ready(rest);
        }
        let next = core.inside.with(|inside| {
            if inside.budget.get() == 0 || inside.opens() {
                return None;
            }
            loop {
                let activation = inside.queue.pop()?;
                let at = |clause| inside.matches(clause);
                if let Some(activation) = G::pair(activation, &inside.partners, at) {
                    inside.begin(G::place(&activation));
                    return Some(activation);
                }
                inside.note_taken();
            }
        });
        if let Some(Some(activation)) = next {
            Poll::Ready(activation)
        } else {
            pause(core, cx);
            Poll::Pending
        }
    }
}

/// The rest of a clause whose reply has come. What comes from outside goes into the queue first.
#[inline]
fn next_rest<G: Graph>(core: &Core<G>) -> Option<G::Activation> {
    core.drain_outside();
    if const { G::DESC.splits } {
        core.next_rest()
    } else {
        None
    }
}

/// The same in an execution that has limits or observers, or is kept in a store. An event of
/// another one pays for a single look at that.
#[inline(never)]
fn next_noted_or_recorded<G: Graph>(core: &Core<G>, cx: &Context<'_>) -> Poll<G::Activation> {
    core.end_recorded();
    if let Some(rest) = next_rest(core) {
        return Poll::Ready(rest);
    }
    if core.is_noted() {
        next_noted(core, cx)
    } else {
        next_recorded(core, cx)
    }
}

fn next_recorded<G: Graph>(core: &Core<G>, cx: &Context<'_>) -> Poll<G::Activation> {
    let next = core.inside.with(|inside| {
        if inside.budget.get() == 0 || inside.is_opening() {
            return None;
        }
        loop {
            let activation = inside.queue.pop()?;
            let recorded = inside.recorded(&activation);
            let at = |clause| inside.matches(clause);
            if let Some(activation) = G::pair(activation, &inside.partners, at) {
                inside.begin_recorded(recorded);
                inside.begin(G::place(&activation));
                return Some(activation);
            }
            inside.wait_recorded(recorded);
            inside.note_taken();
        }
    });
    if let Some(Some(activation)) = next {
        return Poll::Ready(activation);
    }
    pause(core, cx);
    Poll::Pending
}

#[cold]
fn next_noted<G: Graph>(core: &Core<G>, cx: &Context<'_>) -> Poll<G::Activation> {
    let watch = core.watch.get();
    if let Some(watch) = watch {
        core.tell_finished(watch);
    }
    let next = core.inside.with(|inside| {
        if inside.budget.get() == 0 || inside.is_opening() {
            return None;
        }
        loop {
            core.note_taking(inside);
            let activation = inside.queue.pop()?;
            let recorded = inside.recorded(&activation);
            let taken = watch.map(|watch| (watch, watch.taken(inside.queue.len())));
            let at = |clause| inside.matches(clause);
            let paired = G::pair(activation, &inside.partners, at);
            if size_of::<G::Partners>() > 0 && !core.admits_partners(inside) {
                return None;
            }
            if let Some(activation) = paired {
                inside.begin_recorded(recorded);
                let place = G::place(&activation);
                inside.begin(place);
                if let Some((watch, taken)) = taken {
                    core.tell_entered(watch, place.0, taken);
                }
                return Some(activation);
            }
            inside.wait_recorded(recorded);
            inside.note_taken();
        }
    });
    if let Some(Some(activation)) = next {
        return Poll::Ready(activation);
    }
    pause(core, cx);
    Poll::Pending
}

/// The slot does nothing now: the budget is spent, or the queue is empty.
#[cold]
fn pause<G: Graph>(core: &Core<G>, cx: &Context<'_>) {
    let more = core.inside.with(|inside| {
        let more = !inside.has_ended() && inside.has_next();
        // The driver polls an idle slot when there is an event.
        inside.idle.set(!more);
        more
    });
    if more == Some(true) {
        cx.waker().wake_by_ref();
    }
}
