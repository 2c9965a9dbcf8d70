//! Items on their way into the stream, from handlers and from outside.

use std::sync::atomic::Ordering;
use std::task::{Context, Poll, ready};

use tokio::task::coop;

use crate::engine::local::{Outlet, Place};
use crate::engine::shared::Shared;
use crate::graph::Graph;

impl<G: Graph> Shared<G> {
    /// Puts the item into the stream, or waits for room.
    #[inline]
    pub(crate) fn poll_put(
        &self,
        item: &mut Option<G::Item>,
        place: &mut Option<Place>,
        cx: &Context<'_>,
    ) -> Poll<()> {
        self.take_in();
        let put = self.local.with(|local| {
            let mut buffer = local.buffer.borrow_mut();
            let takes = local.budget.get() > 0 && buffer.takes_items();
            if takes && let Some(item) = item.take() {
                local.spend();
                buffer.items.push_back(item);
                buffer.note_moved(1);
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
            Some(false) => self.hold_put(item, place, cx),
            None => self.poll_put_from_outside(item, place, cx),
        }
    }

    /// Does not put the item, for one reason or another.
    #[cold]
    fn hold_put(
        &self,
        item: &mut Option<G::Item>,
        place: &mut Option<Place>,
        cx: &Context<'_>,
    ) -> Poll<()> {
        let waker = cx.waker().clone();
        let mut not_needed = None;
        let hold = self.local.with(|local| {
            let mut buffer = local.buffer.borrow_mut();
            if local.budget.get() == 0 {
                // Also after the end: the driver drops the handler then.
                Hold::Yield
            } else if buffer.outlet == Outlet::Nowhere {
                local.spend();
                buffer.note_moved(1);
                Hold::Drop
            } else {
                not_needed = buffer.blocked.enter(place, waker);
                Hold::Wait
            }
        });
        drop(not_needed);
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
        place: &mut Option<Place>,
        cx: &Context<'_>,
    ) -> Poll<()> {
        // Where nobody reads it never waits, and would keep its thread to itself.
        let progress = ready!(coop::poll_proceed(&mut Context::from_waker(cx.waker())));
        let waker = cx.waker().clone();
        let mut remote = self.lock();
        if !self.is_closed() {
            let full = self.made(&mut remote);
            let waits = place.is_none() && !full.blocked.is_empty();
            if full.ending.is_none() && !self.abandoned.load(Ordering::SeqCst) {
                if full.gate || waits || full.items.len() >= self.capacity {
                    let not_needed = full.blocked.enter(place, waker);
                    drop(remote);
                    drop(not_needed);
                    return Poll::Pending;
                }
                full.items.extend(item.take());
            }
        }
        drop(remote);
        progress.made_progress();
        if item.take().is_none() {
            if let Some(watch) = self.watch.get() {
                self.tell_put(watch);
            }
            self.wakes.tell();
        } else {
            self.dropped.store(true, Ordering::Relaxed);
        }
        Poll::Ready(())
    }
}

/// Why an item does not go into the stream now.
enum Hold {
    /// There is no room.
    Wait,
    /// Other tasks are to run first; or the end has come, and the handler is about to be dropped.
    Yield,
    /// Nobody will read it.
    Drop,
}
