//! The buffer in which an item waits for its reader.

use std::collections::VecDeque;
use std::task::Waker;

use crate::engine::stream::waiters::{Blocked, Wakers};
use crate::macro_support::drop::drop_each_catching;

/// The items of handlers that have not gone to the reader yet.
pub(crate) struct Buffer<T> {
    pub(crate) items: VecDeque<T>,
    /// A `put` that has not waited may put its item while there are fewer than this: 0 if others
    /// wait, or if nothing reads. Kept up to date, so that a `put` looks at one number.
    open: usize,
    outlet: Outlet,
    /// An execution that waits for days has this, so it is small.
    capacity: u32,
    /// The number of items that the reader had (in the outbox, or in its batch) at the last look.
    /// By now it may have fewer.
    unread: u32,
    /// Incremented when items are put, when the reader is found to have taken some, and when a
    /// clause reaches another stage.
    activity: u32,
    /// Items from outside came first, found no room, and wait.
    outside_waits: bool,
    blocked: Blocked,
}

/// No stream has room for more items, whatever its capacity.
#[inline]
fn narrow(items: usize) -> u32 {
    u32::try_from(items).unwrap_or(u32::MAX)
}

/// The destination of items.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Outlet {
    /// To a reader that polls the execution.
    Here,
    /// To the handle, through the outbox.
    Outbox,
    /// Nothing reads: items are dropped.
    Nowhere,
}

impl<T> Buffer<T> {
    pub(crate) fn new(outlet: Outlet, capacity: usize) -> Self {
        Self {
            items: VecDeque::new(),
            open: if outlet == Outlet::Nowhere {
                0
            } else {
                capacity
            },
            outlet,
            capacity: narrow(capacity),
            unread: 0,
            activity: 0,
            outside_waits: false,
            blocked: Blocked::default(),
        }
    }

    #[inline]
    pub(crate) fn outlet(&self) -> Outlet {
        self.outlet
    }

    /// Nothing reads any more.
    pub(crate) fn close_outlet(&mut self) {
        self.outlet = Outlet::Nowhere;
        self.open = 0;
    }

    /// Items from outside came first, found no room, and wait; or they do not any more.
    pub(crate) fn set_outside_waits(&mut self, waits: bool) {
        self.outside_waits = waits;
        self.update();
    }

    /// To be called after everything that `open` depends on, except the items.
    fn update(&mut self) {
        self.open = self.current_open();
    }

    fn current_open(&self) -> usize {
        // A later `put` does not overtake a blocked one.
        if self.outlet == Outlet::Nowhere || self.has_blocked() {
            0
        } else {
            let taken = self.unread() + self.blocked.granted();
            self.capacity().saturating_sub(taken)
        }
    }

    /// The number of items that still fit, granted places included.
    fn room(&self) -> usize {
        self.capacity()
            .saturating_sub(self.items.len() + self.unread())
    }

    #[inline]
    fn capacity(&self) -> usize {
        self.capacity as usize
    }

    #[inline]
    fn unread(&self) -> usize {
        self.unread as usize
    }

    /// The number of places that are neither taken nor granted.
    #[inline]
    pub(crate) fn free_places(&self) -> usize {
        self.room().saturating_sub(self.blocked.granted())
    }

    pub(crate) fn activity(&self) -> u32 {
        self.activity
    }

    /// Notes that items were put, or that something else has happened.
    #[inline]
    pub(crate) fn note_activity(&mut self, items: usize) {
        self.activity = self.activity.wrapping_add(u32::from(items > 0));
    }

    /// Notes how many items the reader has now, if none were handed to it since the last look.
    pub(crate) fn note_unread(&mut self, unread: usize) {
        self.note_activity(usize::from(unread < self.unread()));
        self.set_unread(unread);
    }

    /// Notes how many items the reader has now that all were handed to it.
    pub(crate) fn set_unread(&mut self, unread: usize) {
        self.unread = narrow(unread);
        self.update();
    }

    /// Whether it is empty and nothing waits for room.
    pub(crate) fn is_untouched(&self) -> bool {
        self.items.is_empty() && !self.has_blocked()
    }

    /// Whether a `put` that has not waited may put its item now.
    #[inline]
    pub(crate) fn takes_items(&self) -> bool {
        debug_assert_eq!(self.open, self.current_open(), "`update` was not called");
        self.items.len() < self.open
    }

    /// Whether anything waits for room.
    #[inline]
    pub(crate) fn has_blocked(&self) -> bool {
        self.outside_waits || !self.blocked.is_empty()
    }

    /// Whether a `put` waits for room inside.
    #[inline]
    pub(crate) fn has_blocked_inside(&self) -> bool {
        !self.blocked.is_empty()
    }

    /// The number that the next ticket gets.
    pub(crate) fn next_ticket(&self) -> u64 {
        self.blocked.next_number()
    }

    /// Whether a ticket with a number less than this one waits.
    pub(crate) fn waits_before(&self, number: u64) -> bool {
        self.blocked.waits_before(number)
    }

    /// See [`Blocked::register`].
    pub(crate) fn register(&mut self, ticket: Option<u64>, waker: Waker) -> (u64, Option<Waker>) {
        let registered = self.blocked.register(ticket, waker);
        self.update();
        registered
    }

    /// See [`Blocked::cancel`].
    pub(crate) fn cancel(&mut self, ticket: u64) -> (Option<Waker>, bool) {
        let cancelled = self.blocked.cancel(ticket);
        self.update();
        cancelled
    }

    /// See [`Blocked::release`].
    pub(crate) fn release(&mut self) -> Wakers {
        let released = self.blocked.release();
        self.update();
        released
    }

    /// Takes back the places that are granted and were not taken. Returns whether others wait for
    /// them.
    #[inline]
    pub(crate) fn lapse(&mut self) -> bool {
        self.blocked.granted() > 0 && self.lapse_granted()
    }

    #[cold]
    fn lapse_granted(&mut self) -> bool {
        let lapsed = self.blocked.lapse();
        self.update();
        lapsed && self.has_blocked()
    }

    /// Whether a `put` with this ticket may put its item now. The ticket is used up then.
    pub(crate) fn redeem(&mut self, ticket: u64) -> bool {
        let room = self.room();
        let redeemed = self.blocked.redeem(ticket, room);
        self.update();
        redeemed
    }

    /// Grants the free places to blocked `put`s. Items that wait outside come first.
    pub(crate) fn grant(&mut self) -> Wakers {
        if self.outside_waits {
            return Wakers::default();
        }
        let room = self.room();
        let granted = self.blocked.grant(room);
        self.update();
        granted
    }

    /// Whether free places are worth granting. With less room, a `put` would be woken for each item
    /// that is read.
    #[inline]
    pub(crate) fn is_half_free(&self) -> bool {
        (self.items.len() + self.unread()) * 2 <= self.capacity()
    }

    /// Whether something waits for room, and there is enough of it.
    pub(crate) fn can_grant(&self) -> bool {
        self.has_blocked() && self.is_half_free() && self.free_places() > 0
    }

    /// The number of items that the reader may have left when blocked `put`s are worth waking.
    pub(crate) fn wake_at(&self) -> usize {
        if self.has_blocked() {
            (self.capacity() / 2).saturating_sub(self.items.len())
        } else {
            0
        }
    }
}

/// Items already handed to a reader that polls the execution. Handlers cannot reach them, so taking
/// one needs no check.
pub(crate) struct Batch<T> {
    pub(crate) items: VecDeque<T>,
    /// Wake blocked `put`s when this many items remain.
    pub(crate) wake_at: usize,
}

impl<T> Default for Batch<T> {
    fn default() -> Self {
        Self {
            items: VecDeque::new(),
            wake_at: 0,
        }
    }
}

// Items are moved, never pinned.
impl<T> Unpin for Batch<T> {}

impl<T> Drop for Batch<T> {
    fn drop(&mut self) {
        // Usually it is empty, and draining nothing has a cost too.
        if !self.items.is_empty() {
            drop_each_catching(self.items.drain(..));
        }
    }
}
