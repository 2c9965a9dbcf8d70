//! A handler's side of the engine.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};

use pin_project::pin_project;

use crate::engine::local::Place;
use crate::engine::shared::{Ending, Shared};
use crate::error::{BoxError, FlowError};
use crate::event::Event;
use crate::graph::{Graph, Worker};
use crate::resource::Res;
use crate::router::Router;

/// The router of an execution in memory.
pub struct Engine<G: Graph> {
    shared: Arc<Shared<G>>,
}

impl<G: Graph> Engine<G> {
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
        self.shared.emitters.fetch_sub(1, Ordering::Release);
        if !self.shared.has_ended() {
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
    fn emit<E: Event>(&self, event: E) {
        G::deliver(event, |activation| self.shared.push(activation));
    }

    type Put<'a, T: Send + 'static> = Put<'a, G>;

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
        self.shared.resources.get()
    }
}

/// An item on its way into the stream.
pub struct Put<'a, G: Graph> {
    shared: &'a Shared<G>,
    item: Option<G::Item>,
    place: Option<Place>,
}

// The item is moved, never pinned.
impl<G: Graph> Unpin for Put<'_, G> {}

impl<G: Graph> Future for Put<'_, G> {
    type Output = ();

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
    fn next(&self) -> impl Future<Output = G::Activation> + Send {
        poll_fn(|cx| {
            self.shared.take_in();
            let next = self.shared.local.with(|local| {
                if local.budget == 0 && !local.queue.is_empty() {
                    return Err(Rest::Yield);
                }
                let next = match local.ending {
                    None => local.queue.pop(),
                    Some(_) => None,
                };
                match next {
                    Some(activation) => {
                        local.budget = local.budget.saturating_sub(1);
                        Ok(activation)
                    }
                    None => {
                        local.parked = true;
                        Err(Rest::Park)
                    }
                }
            });
            match next {
                Some(Ok(activation)) => Poll::Ready(activation),
                Some(Err(Rest::Yield)) => {
                    cx.waker().wake_by_ref();
                    Poll::Pending
                }
                // The driver polls it again when there is an event.
                Some(Err(Rest::Park)) | None => Poll::Pending,
            }
        })
    }

    fn attend<V>(
        &self,
        clause: usize,
        handler: impl Future<Output = Result<V, BoxError>> + Send,
    ) -> impl Future<Output = ()> + Send {
        Attend {
            shared: &self.shared,
            clause,
            handler,
        }
    }
}

/// Why a slot does nothing now.
enum Rest {
    /// There is nothing to do.
    Park,
    /// Other tasks are to run first.
    Yield,
}

/// Polls a handler; an error or a panic in it ends the execution, and goes no further.
#[pin_project]
struct Attend<'a, G: Graph, F> {
    shared: &'a Shared<G>,
    clause: usize,
    #[pin]
    handler: F,
}

impl<G: Graph, V, F: Future<Output = Result<V, BoxError>>> Future for Attend<'_, G, F> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.project();
        // A handler that panicked is never polled again, so nobody sees what it left half done,
        // but for what it shared with others, as with any thread.
        let error = match catch_unwind(AssertUnwindSafe(|| this.handler.poll(cx))) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(Ok(_))) => return Poll::Ready(()),
            Ok(Poll::Ready(Err(source))) => {
                let (handler, event) = names::<G>(*this.clause);
                FlowError::failed(handler, event, source)
            }
            Err(payload) => {
                let (handler, event) = names::<G>(*this.clause);
                FlowError::panicked(handler, event, &*payload)
            }
        };
        this.shared.end(Ending::Failed(error));
        Poll::Ready(())
    }
}

/// The names of a clause's handler and event.
fn names<G: Graph>(clause: usize) -> (&'static str, Option<&'static str>) {
    match G::DESC.clauses.get(clause) {
        Some(clause) => (clause.handler.name, clause.event.map(|event| event.name)),
        None => ("?", None),
    }
}
