//! The execution as a future: polls its slots until nothing runs and nothing waits.
#![allow(
    unsafe_code,
    reason = "entering the inside needs a promise; see `poll_cell`"
)]

pub(crate) mod borrow;
pub(crate) mod deadlines;
mod given_up;
#[cfg(feature = "durable")]
pub(crate) mod parked;
#[cfg(feature = "durable")]
pub(crate) mod recorded;
mod slot_waker;
mod slots;
pub(crate) mod ticks;

use std::any::Any;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use pin_project::{pin_project, pinned_drop};

use crate::engine::core::Core;
use crate::engine::driver::borrow::{PinnedEngine, Work};
use crate::engine::driver::deadlines::Deadlines;
use crate::engine::driver::slots::Slots;
use crate::engine::ending::{Ending, Read};
use crate::engine::inside::Inside;
use crate::engine::inside::end::finishes;
use crate::engine::inside::poll_cell::Guard;
use crate::engine::router::Engine;
use crate::engine::stream::buffer::Batch;
use crate::error::FlowError;
use crate::lifecycle::Observer;
use crate::macro_support::drop::{drop_catching, drop_each_catching};
use crate::macro_support::graph::Graph;
use crate::macro_support::type_map::TypeMap;

/// Drives one execution.
///
/// Between polls, a handler may be suspended in it, with references into itself. So once it has
/// been polled it is reached by pin projection alone, and never through a shared reference to the
/// whole.
#[pin_project(PinnedDrop)]
pub(crate) struct Driver<G: Graph, W: Work<G>> {
    /// They borrow the engine, so they are dropped first.
    #[pin]
    slots: Slots<G, W>,
    #[pin]
    engine: PinnedEngine<G>,
}

impl<G: Graph, W: Work<G>> Driver<G, W> {
    #[inline]
    pub(crate) fn new(core: Arc<Core<G>>, work: W, deadlines: Option<Box<Deadlines>>) -> Self {
        Self {
            engine: PinnedEngine::new(Engine::of_driver(core)),
            slots: Slots::new(work, deadlines),
        }
    }

    /// The execution, of a driver that has not been polled yet.
    pub(crate) fn core(&self) -> &Arc<Core<G>> {
        self.engine.engine().core()
    }

    /// The execution.
    #[inline]
    pub(crate) fn pinned_core(self: Pin<&mut Self>) -> &Arc<Core<G>> {
        let engine: Pin<&PinnedEngine<G>> = self.project().engine.into_ref();
        engine.get_ref().engine().core()
    }

    /// Takes the next item that is ready, unless handlers can go on: a slow reader holds up those
    /// that put, not those that wait for a timer or a socket.
    #[inline]
    pub(crate) fn take_ready(self: Pin<&mut Self>, batch: &mut Batch<G::Item>) -> Option<G::Item> {
        let is_ready =
            batch.items.len() > batch.wake_at && !self.pinned_core().wake_state.has_work();
        if is_ready {
            batch.items.pop_front()
        } else {
            None
        }
    }

    /// Takes the next item. Runs the execution if none is ready.
    pub(crate) fn poll_read(
        mut self: Pin<&mut Self>,
        batch: &mut Batch<G::Item>,
        cx: &Context<'_>,
    ) -> Poll<Read<G::Item>> {
        match self.as_mut().take_ready(batch) {
            Some(item) => Poll::Ready(Read::Item(item)),
            None => self.poll_batch(batch, cx),
        }
    }

    /// As [`Self::poll_read`], after [`Self::take_ready`] has returned `None`.
    pub(crate) fn poll_batch(
        self: Pin<&mut Self>,
        batch: &mut Batch<G::Item>,
        cx: &Context<'_>,
    ) -> Poll<Read<G::Item>> {
        let mut this = self.project();
        let engine = this.engine.as_ref();
        let core = engine.get_ref().engine().core();
        let inside = enter(&mut this.slots, core);
        core.reader_took(&inside, batch.items.len());
        batch.wake_at = inside.swap_batch(&mut batch.items);
        if batch.items.is_empty() || core.wake_state.has_work() {
            let _ended = this.slots.run(engine, &inside, cx);
            batch.wake_at = inside.swap_batch(&mut batch.items);
        }
        let ending = inside.ending.get().filter(|_| core.is_closed());
        match (batch.items.pop_front(), ending) {
            (Some(item), _) => Poll::Ready(Read::Item(item)),
            (None, Some(Ending::Failed(error))) => {
                Poll::Ready(Read::End(Ending::Failed(inside.with_output(error))))
            }
            (None, Some(ending)) => Poll::Ready(Read::End(ending)),
            (None, None) => Poll::Pending,
        }
    }

    /// Adds an observer. One that comes after the end is told of the end alone.
    pub(crate) fn observe(self: Pin<&mut Self>, observer: &Observer) {
        let mut this = self.project();
        let engine = this.engine.as_ref();
        let core = engine.get_ref().engine().core();
        if !this.slots.as_mut().is_finished() {
            return core.observe(observer);
        }
        let error = {
            let inside = enter(&mut this.slots, core);
            inside.ending.error()
        };
        observer(&core.origin().over(error));
    }

    /// Observes the execution of a stage like its parent, by the value that the router of the
    /// parent has given.
    #[cold]
    pub(crate) fn observe_within(self: Pin<&mut Self>, stage: Box<dyn Any + Send>) {
        if let Ok(stage) = stage.downcast() {
            self.pinned_core().observe_within(*stage);
        }
    }

    /// Calls `access` with the states.
    pub(crate) fn with_states(self: Pin<&mut Self>, access: &mut dyn FnMut(&TypeMap)) {
        let mut this = self.project();
        let engine = this.engine.as_ref();
        enter(&mut this.slots, engine.get_ref().engine().core()).with_states(access);
    }

    /// Whether the execution waits for the outside, and for nothing else, after it has been polled.
    pub(crate) fn waits_for_outside(self: Pin<&mut Self>) -> bool {
        let mut this = self.project();
        let engine = this.engine.as_ref();
        let core = engine.get_ref().engine().core();
        let inside = enter(&mut this.slots, core);
        this.slots.waits_for_outside(core, &inside)
    }

    /// Whether the execution, which is pending, has yielded to its runtime: it goes on in the next
    /// poll.
    pub(crate) fn has_yielded(self: Pin<&mut Self>) -> bool {
        let mut this = self.project();
        let engine = this.engine.as_ref();
        let inside = enter(&mut this.slots, engine.get_ref().engine().core());
        inside.budget.get() == 0 && !inside.has_ended()
    }

    /// Whether the execution has ended but for its `finally`, which runs.
    pub(crate) fn is_finalizing(self: Pin<&mut Self>) -> bool {
        let mut this = self.project();
        let engine = this.engine.as_ref();
        let inside = enter(&mut this.slots, engine.get_ref().engine().core());
        inside.finalizing.get()
    }

    /// Ends the execution of a stage whose clause does not wait for it any more. Returns whether it
    /// still has a `finally` to run.
    pub(crate) fn give_up(self: Pin<&mut Self>) -> bool {
        let mut this = self.project();
        let engine = this.engine.as_ref();
        let inside = enter(&mut this.slots, engine.get_ref().engine().core());
        this.slots.give_up(engine, &inside)
    }

    /// Whether the `finally` has failed, or that of a stage.
    pub(crate) fn has_failed_finishing(self: Pin<&mut Self>) -> bool {
        let mut this = self.project();
        let engine = this.engine.as_ref();
        let inside = enter(&mut this.slots, engine.get_ref().engine().core());
        inside.finishing_failed.get()
    }

    /// The output, once.
    pub(crate) fn take_output(self: Pin<&mut Self>) -> Result<G::Output, FlowError> {
        let mut this = self.project();
        let engine = this.engine.as_ref();
        enter(&mut this.slots, engine.get_ref().engine().core()).take_output()
    }
}

/// Runs the execution as far as it goes. `Ready` when it has ended and nothing of it is left.
impl<G: Graph, W: Work<G>> Future for Driver<G, W> {
    type Output = Result<G::Output, FlowError>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let engine = this.engine.as_ref();
        let inside = enter(&mut this.slots, engine.get_ref().engine().core());
        ready!(this.slots.run(engine, &inside, cx));
        if finishes::<G>() || inside.ending.is_failed() {
            // Nothing else asks for it here.
            if let Some(error) = inside.take_error() {
                return Poll::Ready(Err(inside.with_output(error)));
            }
        }
        Poll::Ready(inside.take_output())
    }
}

/// Gives the calling thread access to the inside, for as long as it has exclusive access to the
/// slots.
fn enter<'a, G: Graph, W: Work<G>>(
    _slots: &mut Pin<&mut Slots<G, W>>,
    core: &'a Core<G>,
) -> Guard<'a, Inside<G>> {
    // SAFETY: `core.inside` is entered here and nowhere else, with exclusive access to the slots of
    // this execution: both are parts of one `Driver`, which is made with a `Core` of its own. Each
    // caller has that access, through `&mut Driver`, until after it has dropped the guard, which is
    // a local variable of it.
    unsafe { core.inside.enter() }
}

#[pinned_drop]
impl<G: Graph, W: Work<G>> PinnedDrop for Driver<G, W> {
    fn drop(self: Pin<&mut Self>) {
        let mut this = self.project();
        let engine = this.engine.as_ref();
        let core = engine.get_ref().engine().core();
        if !this.slots.as_mut().is_finished() || core.is_read_here() {
            drop_left(this.slots, core);
        }
    }
}

/// Ends the execution if it has not ended, and drops what nothing took.
#[inline(never)]
fn drop_left<G: Graph, W: Work<G>>(mut slots: Pin<&mut Slots<G, W>>, core: &Arc<Core<G>>) {
    let inside = enter(&mut slots, core);
    if !slots.as_mut().is_finished() {
        inside.end(Ending::Failed(FlowError::cancelled()));
        slots.finish(core, &inside);
    }
    let items = std::mem::take(&mut inside.buffer.borrow_mut().items);
    if !items.is_empty() {
        drop_each_catching(items);
    }
    // An output that nothing took may hold a context of the execution.
    if let Some(output) = inside.output.take() {
        drop_catching(output);
    }
    inside.drop_events();
    drop_catching(inside.take_error());
}
