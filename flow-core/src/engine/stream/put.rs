//! Putting items into the stream, from handlers and from outside.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, ready};

use tokio::task::coop;

use crate::engine::core::Core;
use crate::engine::stream::buffer::Outlet;
use crate::engine::stream::waiters::WaiterHint;
use crate::macro_support::graph::Graph;

/// An item on its way into the stream.
pub(crate) struct Put<'a, G: Graph> {
    core: &'a Core<G>,
    item: Option<G::Item>,
    hint: Option<WaiterHint>,
}

impl<'a, G: Graph> Put<'a, G> {
    #[inline]
    pub(crate) fn new(core: &'a Core<G>, item: Option<G::Item>) -> Self {
        Self {
            core,
            item,
            hint: None,
        }
    }
}

// The item is moved, never pinned.
impl<G: Graph> Unpin for Put<'_, G> {}

impl<G: Graph> Future for Put<'_, G> {
    type Output = ();

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        this.core.poll_put(&mut this.item, &mut this.hint, cx)
    }
}

impl<G: Graph> fmt::Debug for Put<'_, G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Put").finish_non_exhaustive()
    }
}

/// Why an item does not go into the stream now.
enum Hold {
    /// There is no room.
    Wait,
    /// The budget is spent, so other tasks run first; or the execution has ended, and the handler
    /// is about to be dropped.
    Yield,
    /// Nothing will read it.
    Drop,
}

impl<G: Graph> Core<G> {
    /// Puts the item into the stream, or waits for room.
    #[inline]
    fn poll_put(
        &self,
        item: &mut Option<G::Item>,
        hint: &mut Option<WaiterHint>,
        cx: &Context<'_>,
    ) -> Poll<()> {
        self.drain_outside();
        let put = self.inside.with(|inside| {
            let mut buffer = inside.buffer.borrow_mut();
            let takes = inside.budget.get() > 0 && buffer.takes_items();
            if takes && let Some(item) = item.take() {
                inside.spend();
                buffer.items.push_back(item);
                buffer.note_activity(1);
            }
            takes
        });
        match put {
            Some(true) => {
                if let Some(watch) = self.watch.get() {
                    self.tell_put(watch);
                }
                Poll::Ready(())
            }
            Some(false) => self.hold_put(item, hint, cx),
            None => self.poll_put_from_outside(item, hint, cx),
        }
    }

    #[cold]
    fn hold_put(
        &self,
        item: &mut Option<G::Item>,
        hint: &mut Option<WaiterHint>,
        cx: &Context<'_>,
    ) -> Poll<()> {
        let waker = cx.waker().clone();
        let mut unused = None;
        let hold = self.inside.with(|inside| {
            let mut buffer = inside.buffer.borrow_mut();
            if inside.budget.get() == 0 {
                Hold::Yield
            } else if buffer.outlet == Outlet::Nowhere {
                inside.spend();
                buffer.note_activity(1);
                Hold::Drop
            } else {
                unused = buffer.blocked.register(hint, waker);
                inside.waits.set(inside.waits.get().wrapping_add(1));
                Hold::Wait
            }
        });
        drop(unused);
        match hold {
            Some(Hold::Drop) => {
                item.take();
                Poll::Ready(())
            }
            Some(Hold::Yield) => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Some(Hold::Wait) | None => Poll::Pending,
        }
    }

    #[cold]
    fn poll_put_from_outside(
        &self,
        item: &mut Option<G::Item>,
        hint: &mut Option<WaiterHint>,
        cx: &Context<'_>,
    ) -> Poll<()> {
        // If nothing reads, a `put` never waits, and a loop of them would block its thread.
        let progress = ready!(coop::poll_proceed(&mut Context::from_waker(cx.waker())));
        let waker = cx.waker().clone();
        let mut lock = self.lock_outside();
        if !self.is_closed() {
            let outside = self.outside_mut(&mut lock);
            let others_wait = hint.is_none() && !outside.blocked.is_empty();
            if outside.ending.is_none() && !self.reader_gone.load(Ordering::SeqCst) {
                if outside.fair_gate || others_wait || outside.items.len() >= self.capacity {
                    let unused = outside.blocked.register(hint, waker);
                    drop(lock);
                    drop(unused);
                    return Poll::Pending;
                }
                outside.items.extend(item.take());
            }
        }
        drop(lock);
        progress.made_progress();
        if item.take().is_none() {
            if let Some(watch) = self.watch.get() {
                self.tell_put(watch);
            }
            self.wake_state.notify();
        } else {
            self.dropped_outside.store(true, Ordering::Relaxed);
        }
        Poll::Ready(())
    }
}
