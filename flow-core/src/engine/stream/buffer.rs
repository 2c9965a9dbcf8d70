//! The buffer in which an item waits for its reader.

use std::collections::VecDeque;

use crate::engine::stream::waiters::{Blocked, Wakers};
use crate::macro_support::drop::drop_each_catching;

/// The items of handlers that have not gone to the reader yet.
pub(crate) struct Buffer<T> {
    pub(crate) items: VecDeque<T>,
    pub(crate) outlet: Outlet,
    capacity: usize,
    /// The number of items that the reader had (in the outbox, or in its batch) at the last look.
    /// By now it may have fewer.
    unread: usize,
    /// Incremented when items are put, when the reader is found to have taken some, and when a
    /// clause reaches another stage.
    activity: u32,
    /// Items from outside came first, found no room, and wait.
    pub(crate) outside_waits: bool,
    pub(crate) blocked: Blocked,
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
            outlet,
            capacity,
            unread: 0,
            activity: 0,
            outside_waits: false,
            blocked: Blocked::default(),
        }
    }

    /// The number of items that still fit, granted places included.
    #[inline]
    fn room(&self) -> usize {
        self.capacity.saturating_sub(self.items.len() + self.unread)
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
        self.note_activity(usize::from(unread < self.unread));
        self.unread = unread;
    }

    /// Notes how many items the reader has now that all were handed to it.
    pub(crate) fn set_unread(&mut self, unread: usize) {
        self.unread = unread;
    }

    /// Whether it is empty and nothing waits for room.
    pub(crate) fn is_untouched(&self) -> bool {
        self.items.is_empty() && !self.has_blocked()
    }

    /// Whether a `put` that has not waited may put its item now.
    #[inline]
    pub(crate) fn takes_items(&self) -> bool {
        // A later `put` does not overtake a blocked one.
        self.free_places() > 0 && self.outlet != Outlet::Nowhere && !self.has_blocked()
    }

    /// Whether anything waits for room.
    #[inline]
    pub(crate) fn has_blocked(&self) -> bool {
        self.outside_waits || !self.blocked.is_empty()
    }

    /// Whether a `put` with this ticket may put its item now. The ticket is used up then.
    pub(crate) fn redeem(&mut self, ticket: u64) -> bool {
        let room = self.room();
        self.blocked.redeem(ticket, room)
    }

    /// Grants the free places to blocked `put`s. Items that wait outside come first.
    pub(crate) fn grant(&mut self) -> Wakers {
        if self.outside_waits {
            return Wakers::default();
        }
        let room = self.room();
        self.blocked.grant(room)
    }

    /// Whether free places are worth granting. With less room, a `put` would be woken for each item
    /// that is read.
    #[inline]
    pub(crate) fn is_half_free(&self) -> bool {
        (self.items.len() + self.unread) * 2 <= self.capacity
    }

    /// Whether something waits for room, and there is enough of it.
    pub(crate) fn can_grant(&self) -> bool {
        self.has_blocked() && self.is_half_free() && self.free_places() > 0
    }

    /// The number of items that the reader may have left when blocked `put`s are worth waking.
    pub(crate) fn wake_at(&self) -> usize {
        if self.has_blocked() {
            (self.capacity / 2).saturating_sub(self.items.len())
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
