//! One execution, as everybody who has to do with it sees it.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use tokio::task::coop;

use crate::engine::local::{Local, Outlet, Place};
use crate::engine::remote::Remote;
use crate::engine::turn::Turn;
use crate::engine::wakes::Wakes;
use crate::error::FlowError;
use crate::graph::Graph;
use crate::resource::Resources;

/// Neither the lock nor a turn is held while code of the user runs (handlers, wakers, `Drop`).
pub(crate) struct Shared<G: Graph> {
    pub(crate) local: Turn<Local<G>>,
    pub(crate) wakes: Wakes,
    remote: Mutex<Remote<G>>,
    pub(crate) resources: Arc<Resources>,
    /// How many can still emit: the slots of the driver, and everybody outside of it.
    pub(crate) emitters: AtomicUsize,
    /// Nothing of the execution is left.
    ended: AtomicBool,
    capacity: usize,
}

/// How an execution ended.
#[derive(Clone)]
pub(crate) enum Ending {
    /// Nothing runs and nothing waits, or it was stopped.
    Done,
    Failed(FlowError),
}

/// What the reader finds.
pub(crate) enum Read<T> {
    Item(T),
    /// The items are read, and no more will come.
    End(Ending),
    Nothing,
}

impl<G: Graph> Shared<G> {
    pub(crate) fn new(
        first: G::Activation,
        resources: Arc<Resources>,
        capacity: usize,
        outlet: Outlet,
    ) -> Self {
        Self {
            local: Turn::new(Local::new(first, outlet, capacity)),
            wakes: Wakes::default(),
            remote: Mutex::new(Remote::new(outlet != Outlet::Nowhere)),
            resources,
            emitters: AtomicUsize::new(0),
            ended: AtomicBool::new(false),
            capacity,
        }
    }

    fn remote(&self) -> MutexGuard<'_, Remote<G>> {
        self.remote.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues an activation; after the end, drops it.
    #[inline]
    pub(crate) fn push(&self, activation: G::Activation) {
        // What came from outside came before.
        self.take_in();
        let mut activation = Some(activation);
        let inside = self.local.with(|local| {
            if local.ending.is_none()
                && let Some(activation) = activation.take()
            {
                local.queue.push(activation);
            }
        });
        if inside.is_none()
            && let Some(activation) = activation
        {
            self.push_from_outside(activation);
        }
    }

    #[cold]
    fn push_from_outside(&self, activation: G::Activation) {
        let late = {
            let mut remote = self.remote();
            if remote.ended.is_some() {
                Some(activation)
            } else {
                remote.events.push_back(activation);
                None
            }
        };
        if late.is_none() {
            self.wakes.tell();
        }
    }

    /// Puts the item into the stream, or waits for room.
    #[inline]
    pub(crate) fn poll_put(
        &self,
        item: &mut Option<G::Item>,
        place: &mut Option<Place>,
        cx: &Context<'_>,
    ) -> Poll<()> {
        self.take_in();
        let inside = self.local.with(|local| {
            if local.budget == 0 {
                return Err(Hold::Yield);
            }
            if local.ending.is_some() || local.outlet == Outlet::Nowhere {
                local.budget -= 1;
                return Err(Hold::Drop);
            }
            if local.overtaken || local.room() == 0 {
                local.blocked.enter(place, cx.waker());
                return Err(Hold::Wait);
            }
            local.budget -= 1;
            local.items.extend(item.take());
            Ok(())
        });
        match inside {
            Some(Ok(())) => Poll::Ready(()),
            Some(Err(Hold::Drop)) => {
                item.take();
                Poll::Ready(())
            }
            Some(Err(Hold::Wait)) => Poll::Pending,
            Some(Err(Hold::Yield)) => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            None => self.poll_put_from_outside(item, place, cx),
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
        {
            let mut remote = self.remote();
            if remote.ended.is_none() && remote.reading {
                if remote.items.len() >= self.capacity {
                    remote.blocked.enter(place, cx.waker());
                    return Poll::Pending;
                }
                remote.items.extend(item.take());
            }
        }
        progress.made_progress();
        if item.take().is_none() {
            self.wakes.tell();
        }
        Poll::Ready(())
    }

    /// Takes in what came from outside, if something did and it is the calling thread's turn.
    #[inline]
    pub(crate) fn take_in(&self) {
        if self.wakes.has_news() {
            self.take_in_news();
        }
    }

    #[cold]
    fn take_in_news(&self) {
        let taken = self.local.with(|local| {
            self.wakes.take_news();
            let mut remote = self.remote();
            for event in remote.events.drain(..) {
                local.queue.push(event);
            }
            let ending = remote.ending.take();
            if local.ending.is_none() {
                local.ending = ending;
            }
            let mut dropped = Vec::new();
            if !remote.reading {
                local.outlet = Outlet::Nowhere;
                dropped.extend(local.items.drain(..));
                dropped.extend(remote.items.drain(..));
            }
            local.unread = remote.outbox.len();
            let room = local.room().min(remote.items.len());
            local.items.extend(remote.items.drain(..room));
            local.overtaken = !remote.items.is_empty();
            let mut wakers = Vec::new();
            if remote.items.len() * 2 <= self.capacity {
                wakers = remote.blocked.release();
            }
            if local.has_much_room() && !local.overtaken {
                wakers.append(&mut local.blocked.release());
            }
            (dropped, wakers)
        });
        if let Some((dropped, wakers)) = taken {
            drop(dropped);
            wakers.into_iter().for_each(Waker::wake);
        }
    }

    /// Takes the next item, in the turn of whoever reads here.
    #[inline]
    pub(crate) fn read(&self) -> Read<G::Item> {
        let mut blocked = Vec::new();
        let read = self.local.with(|local| {
            let Some(item) = local.items.pop_front() else {
                return match &local.ending {
                    Some(ending) if self.has_ended() => Read::End(ending.clone()),
                    _ => Read::Nothing,
                };
            };
            if !local.blocked.is_empty() && local.has_much_room() && !local.overtaken {
                blocked = local.blocked.release();
            }
            if local.overtaken {
                // There is room now for what waits outside.
                self.wakes.tell();
            }
            Read::Item(item)
        });
        blocked.into_iter().for_each(Waker::wake);
        read.unwrap_or(Read::Nothing)
    }

    /// Hands the items to the handle, whose reader is elsewhere.
    pub(crate) fn send_out(&self) {
        let wakers = self.local.with(|local| {
            let waiting = !local.blocked.is_empty() || local.overtaken;
            if local.outlet != Outlet::Outbox || (local.items.is_empty() && !waiting) {
                return Vec::new();
            }
            let mut wakers = Vec::new();
            let mut remote = self.remote();
            if !local.items.is_empty() {
                wakers.extend(remote.reader.take());
            }
            remote.outbox.append(&mut local.items);
            local.unread = remote.outbox.len();
            remote.wants_room = waiting && !local.has_much_room();
            if waiting && local.has_much_room() {
                // The reader has taken some since the last look, and will not say so again.
                wakers.append(&mut local.blocked.release());
                self.wakes.tell();
            }
            wakers
        });
        wakers.into_iter().flatten().for_each(Waker::wake);
    }

    /// Takes the next item out of the outbox, or has the task woken when there is one.
    pub(crate) fn poll_outbox(&self, cx: &Context<'_>) -> Poll<Read<G::Item>> {
        let (read, room) = {
            let mut remote = self.remote();
            match (remote.outbox.pop_front(), &remote.ended) {
                (Some(item), _) => {
                    let room = remote.wants_room && remote.outbox.len() * 2 <= self.capacity;
                    remote.wants_room &= !room;
                    (Read::Item(item), room)
                }
                (None, Some(ending)) => (Read::End(ending.clone()), false),
                (None, None) => {
                    remote.reader = Some(cx.waker().clone());
                    return Poll::Pending;
                }
            }
        };
        if room {
            self.wakes.tell();
        }
        Poll::Ready(read)
    }

    /// Nobody reads any more: what is in the stream is dropped, and what is put from now on.
    pub(crate) fn stop_reading(&self) {
        let (items, blocked) = {
            let mut remote = self.remote();
            remote.reading = false;
            (std::mem::take(&mut remote.outbox), remote.blocked.release())
        };
        drop(items);
        blocked.into_iter().for_each(Waker::wake);
        self.wakes.tell();
    }

    /// Ends the execution; the first ending counts. The driver drops the rest when it next looks.
    pub(crate) fn end(&self, ending: Ending) {
        let mut ending = Some(ending);
        let inside = self.local.with(|local| {
            if local.ending.is_none() {
                local.ending = ending.take();
            }
        });
        if inside.is_none() {
            {
                let mut remote = self.remote();
                if remote.ended.is_none() && remote.ending.is_none() {
                    remote.ending = ending.take();
                }
            }
            self.wakes.tell();
        }
    }

    /// The driver has dropped the handlers: nothing runs any more.
    pub(crate) fn finish(&self) {
        let left = self.local.with(|local| {
            let mut remote = self.remote();
            // What waits for room was put before the end, and nobody else needs the room now.
            match local.outlet {
                Outlet::Here => local.items.append(&mut remote.items),
                Outlet::Outbox => {
                    remote.outbox.append(&mut local.items);
                    let mut items = std::mem::take(&mut remote.items);
                    remote.outbox.append(&mut items);
                }
                Outlet::Nowhere => {}
            }
            remote.ended = Some(local.ending.get_or_insert(Ending::Done).clone());
            let left = (
                local.queue.take(),
                std::mem::take(&mut remote.events),
                std::mem::take(&mut remote.items),
            );
            let mut waiting = local.blocked.release();
            waiting.append(&mut remote.blocked.release());
            waiting.extend(remote.reader.take());
            (left, waiting)
        });
        self.ended.store(true, Ordering::Release);
        if let Some((left, waiting)) = left {
            drop(left);
            waiting.into_iter().for_each(Waker::wake);
        }
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    /// How it ended, if it did.
    pub(crate) fn ending(&self) -> Option<Ending> {
        self.remote().ended.clone()
    }

    /// Whether somebody outside of the driver's `slots` can still emit.
    pub(crate) fn is_held_outside(&self, slots: usize) -> bool {
        self.emitters.load(Ordering::Acquire) > slots
    }
}

/// Why an item does not go into the stream now.
enum Hold {
    /// There is no room.
    Wait,
    /// Other tasks are to run first.
    Yield,
    /// Nobody will read it.
    Drop,
}
