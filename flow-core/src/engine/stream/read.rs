//! The reader's side of the stream: the items that it takes, and its departure.

use std::collections::VecDeque;
use std::task::{Context, Poll, ready};

use tokio::task::coop;

use crate::engine::core::Core;
use crate::engine::ending::Read;
use crate::engine::inside::Inside;
use crate::engine::outside::Outside;
use crate::engine::stream::buffer::Outlet;
use crate::engine::stream::waiters::Wakers;
use crate::macro_support::drop::drop_each_catching;
use crate::macro_support::graph::Graph;
use crate::sync::atomic::Ordering;

impl<G: Graph> Core<G> {
    /// Notes how many items a reader that polls the execution has left, and wakes blocked `put`s if
    /// they are worth waking.
    pub(crate) fn reader_took(&self, inside: &Inside<G>, unread: usize) {
        let room = {
            let mut buffer = inside.buffer.borrow_mut();
            buffer.note_unread(unread);
            buffer.can_grant()
        };
        if room {
            self.grant_places(inside);
        }
    }

    /// Wakes as many of the `put`s that wait for room as there is room for.
    #[cold]
    fn grant_places(&self, inside: &Inside<G>) {
        let wakers = inside.buffer.borrow_mut().grant();
        // Items that wait outside come first.
        if self.has_outside() {
            self.wake_state.notify();
        }
        wakers.wake();
    }

    /// To be called when all handlers that were woken have been polled: a `put` that was granted a
    /// place and is not polled would keep it from the others. Returns whether others may go on.
    #[inline]
    pub(crate) fn pass_on_places(&self, inside: &Inside<G>) -> bool {
        let lapsed = inside.buffer.borrow_mut().lapse();
        if lapsed {
            self.grant_places(inside);
        }
        lapsed
    }

    /// Moves the items into the outbox, for the reader of a spawned execution.
    #[inline]
    pub(crate) fn flush_outbox(&self, inside: &Inside<G>) {
        if self.has_handle() {
            self.flush_to_handle(inside);
        }
    }

    fn flush_to_handle(&self, inside: &Inside<G>) {
        let (mut wakers, mut again) = (Wakers::default(), false);
        {
            let mut buffer = inside.buffer.borrow_mut();
            let blocked = buffer.has_blocked();
            if buffer.outlet() != Outlet::Outbox || (buffer.items.is_empty() && !blocked) {
                return;
            }
            let mut lock = self.lock_outside();
            let outside = self.outside_mut(&mut lock);
            if !buffer.items.is_empty() {
                wakers.extend(outside.reader.take());
            }
            buffer.note_unread(outside.outbox.len());
            outside.outbox.append(&mut buffer.items);
            buffer.set_unread(outside.outbox.len());
            outside.wants_room = blocked && !buffer.is_half_free();
            if buffer.can_grant() {
                // The reader has taken some since the last look, and does not notify again.
                wakers.append(buffer.grant());
                again = true;
            }
        }
        if again {
            self.wake_state.notify();
        }
        wakers.wake();
    }

    /// Updates the counts that change without waking the driver: a reader elsewhere takes items,
    /// and a task outside puts items that nothing reads.
    pub(crate) fn sync_unread(&self, inside: &Inside<G>) {
        if self.dropped_outside.swap(false, Ordering::Relaxed) {
            inside.buffer.borrow_mut().note_activity(1);
        }
        let outside = self.has_outside().then(|| self.lock_outside());
        if let Some(outside) = outside.as_deref().and_then(|outside| outside.as_ref())
            && inside.buffer.borrow().outlet() == Outlet::Outbox
        {
            inside.buffer.borrow_mut().note_unread(outside.outbox.len());
        }
    }

    /// Takes the next item out of the outbox, or registers the task to be woken when there is one.
    pub(crate) fn poll_outbox(&self, cx: &Context<'_>) -> Poll<Read<G::Item>> {
        // A reader that never waits would block its thread.
        let progress = ready!(coop::poll_proceed(&mut Context::from_waker(cx.waker())));
        let waker = cx.waker().clone();
        let mut lock = self.lock_outside();
        let outside = self.outside_mut(&mut lock);
        let (read, room) = match (outside.outbox.pop_front(), outside.ended().cloned()) {
            (Some(item), _) => {
                let room = outside.wants_room && outside.outbox.len() * 2 <= self.capacity();
                outside.wants_room &= !room;
                outside.give_back_outbox();
                (Read::Item(item), room)
            }
            (None, Some(ending)) => (Read::End(ending), false),
            (None, None) => {
                let before = outside.reader.replace(waker);
                drop(lock);
                drop(before);
                return Poll::Pending;
            }
        };
        drop(lock);
        progress.made_progress();
        if room {
            self.wake_state.notify();
        }
        Poll::Ready(read)
    }

    /// The reader leaves: items in the stream are dropped, and so are those put from now on.
    #[inline]
    pub(crate) fn stop_reading(&self) {
        if !self.reader_gone.load(Ordering::Relaxed)
            && !self.reader_gone.swap(true, Ordering::SeqCst)
        {
            self.drop_unread();
        }
    }

    fn drop_unread(&self) {
        // An outside that is made later finds the flag set: all of these are `SeqCst`.
        let outside = self.has_outside().then(|| self.lock_outside());
        let left = outside.and_then(|mut outside| {
            let outside = outside.as_mut()?;
            let items = std::mem::take(&mut outside.outbox);
            Some((items, outside.release()))
        });
        // An awake driver looks by itself before it sleeps.
        if self.wake_state.is_asleep() && !self.is_closed() {
            self.wake_state.notify();
        }
        if let Some((items, wakers)) = left {
            wakers.wake();
            drop_each_catching(items);
        }
    }

    /// Checks whether the reader has left. Returns whether that may have woken blocked `put`s.
    #[inline]
    pub(crate) fn check_reader(&self, inside: &Inside<G>) -> bool {
        if !self.reader_gone.load(Ordering::SeqCst) {
            return false;
        }
        {
            let mut buffer = inside.buffer.borrow_mut();
            if buffer.outlet() == Outlet::Nowhere {
                return false;
            }
            if buffer.is_untouched() && !self.has_outside() {
                // The common case: `output` is called right after `spawn`.
                buffer.close_outlet();
                return false;
            }
        }
        self.drain_outside_now();
        true
    }

    /// Moves the items to where the reader will look for them, or returns them if there is no
    /// reader. Items that wait for room were put before the end, and nothing else needs the room
    /// now.
    pub(in crate::engine) fn keep_for_the_reader(
        &self,
        inside: &Inside<G>,
        outside: &mut Outside<G>,
    ) -> VecDeque<G::Item> {
        let mut buffer = inside.buffer.borrow_mut();
        if self.reader_gone.load(Ordering::SeqCst) {
            buffer.close_outlet();
        }
        let inbox = outside.inbox();
        let mut inbox = inbox.map_or_else(VecDeque::new, |inbox| std::mem::take(&mut inbox.items));
        match buffer.outlet() {
            Outlet::Here => buffer.items.append(&mut inbox),
            Outlet::Outbox => {
                outside.outbox.append(&mut buffer.items);
                outside.outbox.append(&mut inbox);
            }
            Outlet::Nowhere => inbox.append(&mut buffer.items),
        }
        inbox
    }
}
