//! Putting items into the stream, from handlers and from outside.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use tokio::task::coop;

use crate::engine::core::Core;
use crate::engine::inside::Inside;
use crate::engine::stream::buffer::Outlet;
use crate::macro_support::graph::Graph;
use crate::sync::atomic::Ordering;

/// An item on its way into the stream.
pub(crate) struct Put<'a, G: Graph> {
    core: &'a Core<G>,
    item: Option<G::Item>,
    ticket: Ticket,
}

/// The place of a `put` in a queue of those that wait for room. A `put` may move between the inside
/// and the outside, whose queues are unrelated.
#[derive(Clone, Copy)]
enum Ticket {
    None,
    Inside(u64),
    Outside(u64),
}

impl Ticket {
    fn inside(self) -> Option<u64> {
        match self {
            Self::Inside(number) => Some(number),
            Self::None | Self::Outside(_) => None,
        }
    }

    fn outside(self) -> Option<u64> {
        match self {
            Self::Outside(number) => Some(number),
            Self::None | Self::Inside(_) => None,
        }
    }
}

impl<'a, G: Graph> Put<'a, G> {
    #[inline]
    pub(crate) fn new(core: &'a Core<G>, item: Option<G::Item>) -> Self {
        Self {
            core,
            item,
            ticket: Ticket::None,
        }
    }

    /// Gives the item back that has not gone into the stream.
    pub(crate) fn into_item(mut self) -> Option<G::Item> {
        self.item.take()
    }
}

// The item is moved, never pinned.
impl<G: Graph> Unpin for Put<'_, G> {}

impl<G: Graph> Future for Put<'_, G> {
    type Output = ();

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        this.core.poll_put(&mut this.item, &mut this.ticket, cx)
    }
}

/// A place that was granted goes to the next `put`.
impl<G: Graph> Drop for Put<'_, G> {
    #[inline]
    fn drop(&mut self) {
        if !matches!(self.ticket, Ticket::None) {
            self.core.return_ticket(self.ticket);
        }
    }
}

impl<G: Graph> fmt::Debug for Put<'_, G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Put").finish_non_exhaustive()
    }
}

/// What becomes of an item that does not go into the stream at once.
enum Hold {
    /// It went in.
    Put,
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
        ticket: &mut Ticket,
        cx: &Context<'_>,
    ) -> Poll<()> {
        self.drain_outside();
        let put = self.inside.with(|inside| {
            let mut buffer = inside.buffer.borrow_mut();
            let takes =
                matches!(ticket, Ticket::None) && inside.budget.get() > 0 && buffer.takes_items();
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
            Some(false) => self.hold_put(item, ticket, cx),
            None => self.poll_put_from_outside(item, ticket, cx),
        }
    }

    #[cold]
    fn hold_put(
        &self,
        item: &mut Option<G::Item>,
        ticket: &mut Ticket,
        cx: &Context<'_>,
    ) -> Poll<()> {
        if ticket.outside().is_some() {
            // It was polled elsewhere before.
            self.return_ticket(std::mem::replace(ticket, Ticket::None));
        }
        let hold = self.inside.with(|inside| {
            let mut buffer = inside.buffer.borrow_mut();
            if inside.budget.get() == 0 {
                Hold::Yield
            } else if buffer.outlet() == Outlet::Nowhere {
                inside.spend();
                buffer.note_activity(1);
                Hold::Drop
            } else if let Some(number) = ticket.inside()
                && buffer.redeem(number)
            {
                *ticket = Ticket::None;
                inside.spend();
                if let Some(item) = item.take() {
                    buffer.items.push_back(item);
                }
                buffer.note_activity(1);
                Hold::Put
            } else {
                Hold::Wait
            }
        });
        match hold {
            Some(Hold::Put) => {
                if let Some(watch) = self.watch.get() {
                    self.tell_put(watch);
                }
                Poll::Ready(())
            }
            Some(Hold::Drop) => {
                item.take();
                Poll::Ready(())
            }
            Some(Hold::Yield) => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Some(Hold::Wait) => {
                self.wait_for_room(ticket, cx.waker().clone());
                Poll::Pending
            }
            None => Poll::Pending,
        }
    }

    fn wait_for_room(&self, ticket: &mut Ticket, waker: Waker) {
        let unused = self.inside.with(|inside| {
            let mut buffer = inside.buffer.borrow_mut();
            let (number, unused) = buffer.register(ticket.inside(), waker);
            *ticket = Ticket::Inside(number);
            inside.waits.set(inside.waits.get().wrapping_add(1));
            unused
        });
        drop(unused);
    }

    #[cold]
    fn poll_put_from_outside(
        &self,
        item: &mut Option<G::Item>,
        ticket: &mut Ticket,
        cx: &Context<'_>,
    ) -> Poll<()> {
        // If nothing reads, a `put` never waits, and a loop of them would block its thread.
        let progress = ready!(coop::poll_proceed(&mut Context::from_waker(cx.waker())));
        if ticket.inside().is_some() {
            // It was polled by its handler before.
            self.return_ticket(std::mem::replace(ticket, Ticket::None));
        }
        let waker = cx.waker().clone();
        let mut lock = self.lock_outside();
        if !self.is_closed() && !self.is_finalizing() {
            let outside = self.outside_mut(&mut lock);
            if outside.ending.is_none() && !self.reader_gone.load(Ordering::SeqCst) {
                let inbox = outside.inbox_mut();
                let granted = match ticket.outside() {
                    Some(number) => inbox.blocked.redeem(number, self.capacity()),
                    None => inbox.takes_items(self.capacity()),
                };
                if !granted {
                    let (number, unused) = inbox.blocked.register(ticket.outside(), waker);
                    *ticket = Ticket::Outside(number);
                    drop(lock);
                    drop(unused);
                    return Poll::Pending;
                }
                *ticket = Ticket::None;
                inbox.items.extend(item.take());
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

    /// Removes the ticket of a `put` that is dropped, or that waits elsewhere from now on.
    #[cold]
    fn return_ticket(&self, ticket: Ticket) {
        match ticket {
            Ticket::None => {}
            Ticket::Inside(number) => {
                let inside = self
                    .inside
                    .with(|inside| self.cancel_inside(inside, number));
                if inside.is_none() && !self.is_closed() {
                    self.with_outside(|outside| outside.inbox_mut().returned.push(number));
                    self.wake_state.notify();
                }
            }
            Ticket::Outside(number) => {
                let (waker, next) = self.with_outside(|outside| {
                    let inbox = outside.inbox_mut();
                    let (waker, _granted) = inbox.blocked.cancel(number);
                    (waker, inbox.grant(self.capacity()))
                });
                next.wake();
                drop(waker);
            }
        }
    }

    /// Removes the ticket of a `put` that waits inside.
    pub(crate) fn cancel_inside(&self, inside: &Inside<G>, number: u64) {
        let (waker, next) = {
            let mut buffer = inside.buffer.borrow_mut();
            let (waker, granted) = buffer.cancel(number);
            let passes_on = granted && !inside.has_ended();
            (waker, passes_on.then(|| buffer.grant()))
        };
        if let Some(next) = next {
            next.wake();
        }
        drop(waker);
        // Items from outside may have waited behind it.
        if self.has_outside() && !inside.has_ended() {
            self.wake_state.notify();
        }
    }
}
