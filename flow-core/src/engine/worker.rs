//! A handler's side of the engine.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::engine::local::Place;
use crate::engine::shared::{Ending, Shared};
use crate::engine::trace::Kept;
use crate::error::{BoxError, FlowError};
use crate::event::Event;
use crate::graph::{Graph, Worker};
use crate::handler::HandlerError;
use crate::limits::Permits;
use crate::question::Asked;
use crate::resource::Res;
use crate::router::Router;
use crate::state::State;
use crate::watch::LifecycleKind;

/// The router of an execution in memory.
pub(crate) struct Engine<G: Graph> {
    shared: Arc<Shared<G>>,
}

impl<G: Graph> Engine<G> {
    /// The driver's own, which does not count.
    pub(crate) fn of_driver(shared: Arc<Shared<G>>) -> Self {
        Self { shared }
    }

    pub(crate) fn shared(&self) -> &Arc<Shared<G>> {
        &self.shared
    }

    pub(crate) fn new(shared: Arc<Shared<G>>) -> Self {
        shared.emitters.fetch_add(1, Ordering::Relaxed);
        Self { shared }
    }
}

impl<G: Graph> Clone for Engine<G> {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.shared))
    }
}

impl<G: Graph> Drop for Engine<G> {
    fn drop(&mut self) {
        // Nobody looks at the count after the end.
        if !self.shared.is_closed() {
            self.shared.emitters.fetch_sub(1, Ordering::Release);
            // It may have been the last thing that the execution waited for.
            self.shared.wakes.tell();
        }
    }
}

impl<G: Graph> std::fmt::Debug for Engine<G> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}

impl<G: Graph> Router for Engine<G> {
    #[inline]
    fn emit<E: Event>(&self, event: E) {
        self.shared.emit(event);
    }

    type Put<'a, T: Send + 'static> = Put<'a, G>;

    #[inline]
    fn put<T: Send + 'static>(&self, item: T) -> Put<'_, G> {
        Put {
            shared: &self.shared,
            item: G::item(item),
            place: None,
        }
    }

    fn stop(&self) {
        self.shared.end(Ending::Done);
    }

    fn resource<T: Send + Sync + 'static>(&self) -> Option<Res<T>> {
        self.shared.resources.as_ref()?.get()
    }

    fn state<T: Send + 'static>(&self) -> Option<State<T>> {
        self.shared.states.state()
    }

    fn retried(&self, attempt: u32) {
        if let Some(watch) = self.shared.watch.get() {
            self.shared
                .tell(watch, |handler| LifecycleKind::HandlerRetried {
                    handler,
                    attempt,
                });
        }
    }

    fn permits(&self) -> Option<Res<Permits>> {
        self.shared.states.get()
    }
}

/// An item on its way into the stream.
pub(crate) struct Put<'a, G: Graph> {
    shared: &'a Shared<G>,
    item: Option<G::Item>,
    place: Option<Place>,
}

// The item is moved, never pinned.
impl<G: Graph> Unpin for Put<'_, G> {}

impl<G: Graph> Future for Put<'_, G> {
    type Output = ();

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        this.shared.poll_put(&mut this.item, &mut this.place, cx)
    }
}

impl<G: Graph> std::fmt::Debug for Put<'_, G> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Put").finish_non_exhaustive()
    }
}

impl<G: Graph> Worker<G> for Engine<G> {
    #[inline]
    fn next(&self) -> impl Future<Output = G::Activation> + Send {
        Next(&self.shared)
    }

    #[inline]
    fn at(&self, handler: usize) {
        let watch = self.shared.watch.get();
        if let Some(watch) = watch {
            self.shared.tell_finished(watch);
        }
        self.shared.local.with(|local| local.running.set(handler));
        if let Some(watch) = watch {
            self.shared.tell_called(watch);
        }
    }

    type Beside = Kept;

    #[inline]
    fn begin_beside(&self, handler: usize) -> Kept {
        let Some(watch) = self.shared.watch.get() else {
            return Kept::default();
        };
        self.shared.tell_finished(watch);
        self.shared.local.with(|local| local.running.set(handler));
        self.shared
            .tell(watch, |handler| LifecycleKind::HandlerStarted { handler });
        self.shared.span(watch)
    }

    #[inline]
    fn turn_beside(&self, handler: usize, span: &mut Kept) {
        self.shared.local.with(|local| local.running.set(handler));
        if self.shared.watch.get().is_some() {
            self.shared.local.with(|local| local.span.resume(span));
        }
    }

    #[inline]
    fn leave_beside(&self, span: &mut Kept) {
        if self.shared.watch.get().is_some()
            && let Some(left) = self.shared.local.with(|local| local.span.suspend())
        {
            *span = left;
        }
    }

    #[inline]
    fn finish_beside(&self) {
        if let Some(watch) = self.shared.watch.get() {
            self.shared.tell_returned(watch);
        }
    }

    #[inline]
    fn failed(&self, error: &impl HandlerError) {
        if let Some(watch) = self.shared.watch.get() {
            self.shared.tell_failed(watch, error.shown());
        }
    }

    fn ask<Q: Event>(&self, questions: (Q, Q), within: Option<Duration>) -> Asked<Q> {
        self.shared.ask(questions, within)
    }

    fn put_item(&self, item: G::Item) -> impl Future<Output = ()> + Send {
        Put {
            shared: &*self.shared,
            item: Some(item),
            place: None,
        }
    }

    fn fail(&self, error: BoxError) {
        self.failed(&error);
        self.shared
            .fail(|handler, event| FlowError::failed(handler, event, error));
    }

    fn push(&self, activation: G::Activation) {
        match self.shared.watch.get() {
            None => self.shared.push(activation),
            Some(watch) => self.shared.push_watched(watch, activation),
        }
    }

    fn end(&self, output: G::Output) {
        let mut output = Some(output);
        // The first one counts; what comes later is dropped, but not while it could look in here.
        self.shared.local.with(|local| {
            if !local.has_ended() {
                local.output.set(output.take());
                local.end(Ending::Done);
            }
        });
    }
}

/// Waits for the next activation.
struct Next<'a, G: Graph>(&'a Shared<G>);

impl<G: Graph> Future for Next<'_, G> {
    type Output = G::Activation;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<G::Activation> {
        let shared = self.0;
        shared.take_in();
        let watch = shared.watch.get();
        if let Some(watch) = watch {
            shared.tell_finished(watch);
        }
        let next = shared.local.with(|local| {
            if local.budget.get() == 0 {
                return None;
            }
            loop {
                let activation = local.queue.pop()?;
                let taken = watch.map(|watch| (watch, watch.taken(local.queue.len())));
                if let Some(activation) = G::pair(activation, &local.partners) {
                    local.spend();
                    let (clause, handler) = G::place(&activation);
                    local.running.set(handler);
                    if let Some((watch, taken)) = taken {
                        shared.tell_entered(watch, clause, taken);
                    }
                    let left = local.events_left.get();
                    local.events_left.set(left.wrapping_sub(1));
                    return Some((activation, left));
                }
            }
        });
        if let Some(Some((activation, 1..))) = next {
            Poll::Ready(activation)
        } else {
            if let Some(Some(_one_too_many)) = next {
                shared.fail_of_events();
            }
            rest(shared, cx);
            Poll::Pending
        }
    }
}

/// A slot does nothing now: other tasks are to run first, or there is nothing to do.
#[cold]
fn rest<G: Graph>(shared: &Shared<G>, cx: &Context<'_>) {
    let more = shared.local.with(|local| {
        let more = !local.has_ended() && !local.queue.is_empty();
        // The driver polls it again when there is an event.
        local.parked.set(!more);
        more
    });
    if more == Some(true) {
        cx.waker().wake_by_ref();
    }
}
