//! The reader's side of the stream: what it has taken, and what it finds.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, ready};

use tokio::task::coop;

use crate::engine::local::{Local, Outlet, Wakers};
use crate::engine::quietly::drop_each_quietly;
use crate::engine::remote::Remote;
use crate::engine::shared::{Read, Shared};
use crate::graph::Graph;

impl<G: Graph> Shared<G> {
    /// Whoever reads here has so many items before it: lets those go on for whom there is room now.
    pub(crate) fn note_read(&self, local: &Local<G>, unread: usize) {
        let room = {
            let mut buffer = local.buffer.borrow_mut();
            buffer.note_reader(unread);
            buffer.somebody_waits() && buffer.has_much_room()
        };
        if room {
            self.give_room(local);
        }
    }

    /// Lets those go on who wait for room; what waits outside comes first.
    #[cold]
    fn give_room(&self, local: &Local<G>) {
        let blocked = {
            let mut buffer = local.buffer.borrow_mut();
            if buffer.overtaken {
                Wakers::default()
            } else {
                buffer.blocked.release()
            }
        };
        if self.has_remote() {
            self.wakes.tell();
        }
        blocked.wake();
    }

    /// Hands the items to the handle, whose reader is elsewhere.
    pub(crate) fn send_out(&self, local: &Local<G>) {
        let (mut wakers, mut again) = (Wakers::default(), false);
        {
            let mut buffer = local.buffer.borrow_mut();
            let waiting = buffer.somebody_waits();
            if buffer.outlet != Outlet::Outbox || (buffer.items.is_empty() && !waiting) {
                return;
            }
            let mut remote = self.lock();
            let remote = self.made(&mut remote);
            if !buffer.items.is_empty() {
                wakers.extend(remote.reader.take());
            }
            buffer.note_reader(remote.outbox.len());
            remote.outbox.append(&mut buffer.items);
            buffer.handed_over(remote.outbox.len());
            remote.wants_room = waiting && !buffer.has_much_room();
            if waiting && buffer.has_much_room() {
                // The reader has taken some since the last look, and will not say so again.
                wakers.append(buffer.blocked.release());
                again = true;
            }
        }
        if again {
            self.wakes.tell();
        }
        wakers.wake();
    }

    /// Looks at what others do without a word to the driver: the reader takes items, if it is
    /// elsewhere; somebody outside puts items that nobody reads.
    pub(crate) fn look_outside(&self, local: &Local<G>) {
        if self.dropped.swap(false, Ordering::Relaxed) {
            local.buffer.borrow_mut().note_moved(1);
        }
        let remote = self.has_remote().then(|| self.lock());
        if let Some(remote) = remote.as_deref().and_then(Option::as_ref)
            && local.buffer.borrow().outlet == Outlet::Outbox
        {
            local.buffer.borrow_mut().note_reader(remote.outbox.len());
        }
    }

    /// Takes the next item out of the outbox, or has the task woken when there is one.
    pub(crate) fn poll_outbox(&self, cx: &Context<'_>) -> Poll<Read<G::Item>> {
        // A reader that never waits would keep its thread.
        let progress = ready!(coop::poll_proceed(&mut Context::from_waker(cx.waker())));
        let waker = cx.waker().clone();
        let mut remote = self.lock();
        let out = self.made(&mut remote);
        let (read, room) = match (out.outbox.pop_front(), &out.ended) {
            (Some(item), _) => {
                let room = out.wants_room && out.outbox.len() * 2 <= self.capacity;
                out.wants_room &= !room;
                (Read::Item(item), room)
            }
            (None, Some(ending)) => (Read::End(ending.clone()), false),
            (None, None) => {
                let before = out.reader.replace(waker);
                drop(remote);
                drop(before);
                return Poll::Pending;
            }
        };
        drop(remote);
        progress.made_progress();
        if room {
            self.wakes.tell();
        }
        Poll::Ready(read)
    }

    /// Nobody reads any more: what is in the stream is dropped, and what is put from now on.
    #[inline]
    pub(crate) fn stop_reading(&self) {
        if !self.abandoned.load(Ordering::Relaxed) && !self.abandoned.swap(true, Ordering::SeqCst) {
            self.drop_unread();
        }
    }

    fn drop_unread(&self) {
        // Whoever makes it later finds it abandoned, for all of these are `SeqCst`.
        let remote = self.has_remote().then(|| self.lock());
        let left = remote.and_then(|mut remote| {
            let remote = remote.as_mut()?;
            let items = std::mem::take(&mut remote.outbox);
            Some((items, remote.blocked.release()))
        });
        // A driver that is awake looks by itself before it sleeps.
        if self.wakes.is_asleep() && !self.is_closed() {
            self.wakes.tell();
        }
        if let Some((items, blocked)) = left {
            blocked.wake();
            drop_each_quietly(items);
        }
    }

    /// Looks whether nobody reads any more: the driver is told only while it is asleep. Says whether
    /// somebody may go on for that.
    #[inline]
    pub(crate) fn look_for_reader(&self, local: &Local<G>) -> bool {
        if !self.abandoned.load(Ordering::SeqCst) {
            return false;
        }
        {
            let mut buffer = local.buffer.borrow_mut();
            if buffer.outlet == Outlet::Nowhere {
                return false;
            }
            if buffer.is_untouched() && !self.has_remote() {
                // As it is where a handle is joined at once.
                buffer.outlet = Outlet::Nowhere;
                return false;
            }
        }
        self.take_in_news();
        true
    }

    /// Puts the items where the reader will look for them; returns them if there is none. What waits
    /// for room was put before the end, and nobody else needs the room now.
    pub(super) fn keep_for_the_reader(
        &self,
        local: &Local<G>,
        remote: &mut Remote<G>,
    ) -> VecDeque<G::Item> {
        let mut buffer = local.buffer.borrow_mut();
        if self.abandoned.load(Ordering::SeqCst) {
            buffer.outlet = Outlet::Nowhere;
        }
        let mut inbox = std::mem::take(&mut remote.items);
        match buffer.outlet {
            Outlet::Here => buffer.items.append(&mut inbox),
            Outlet::Outbox => {
                remote.outbox.append(&mut buffer.items);
                remote.outbox.append(&mut inbox);
            }
            Outlet::Nowhere => inbox.append(&mut buffer.items),
        }
        inbox
    }
}
