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
    /// Made when it is first needed: most executions have nobody outside.
    remote: Mutex<Option<Box<Remote<G>>>>,
    /// It was made.
    has_remote: AtomicBool,
    pub(crate) resources: Option<Arc<Resources>>,
    /// How many can still emit: the slots of the driver, and everybody outside of it.
    pub(crate) emitters: AtomicUsize,
    /// Nobody reads the items.
    unread: AtomicBool,
    /// Its end is decided, and nothing is taken in any more.
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
        resources: Option<Arc<Resources>>,
        capacity: usize,
        outlet: Outlet,
    ) -> Self {
        Self {
            local: Turn::new(Local::new(first, outlet, capacity)),
            wakes: Wakes::default(),
            remote: Mutex::new(None),
            has_remote: AtomicBool::new(false),
            resources,
            emitters: AtomicUsize::new(0),
            unread: AtomicBool::new(outlet == Outlet::Nowhere),
            ended: AtomicBool::new(false),
            capacity,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Box<Remote<G>>>> {
        self.remote.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn made<'a>(&self, remote: &'a mut Option<Box<Remote<G>>>) -> &'a mut Remote<G> {
        self.has_remote.store(true, Ordering::Release);
        remote.get_or_insert_default()
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
            let mut remote = self.lock();
            if self.has_ended() {
                Some(activation)
            } else {
                let remote = self.made(&mut remote);
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
        let put = self.local.with(|local| {
            let takes = local.takes_items();
            if takes && let Some(item) = item.take() {
                local.budget -= 1;
                local.items.push_back(item);
            }
            takes
        });
        match put {
            Some(true) => Poll::Ready(()),
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
        let hold = self.local.with(|local| {
            if local.budget == 0 {
                // Also after the end: the driver drops the handler then.
                Hold::Yield
            } else if local.outlet == Outlet::Nowhere {
                local.budget -= 1;
                Hold::Drop
            } else {
                local.blocked.enter(place, cx.waker());
                Hold::Wait
            }
        });
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
        {
            let mut remote = self.lock();
            if !self.has_ended() && !self.unread.load(Ordering::Acquire) {
                let remote = self.made(&mut remote);
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
            let (mut dropped, mut wakers) = (Vec::new(), Vec::new());
            if self.unread.load(Ordering::Acquire) && local.outlet != Outlet::Nowhere {
                local.outlet = Outlet::Nowhere;
                dropped.extend(local.items.drain(..));
            }
            let mut remote = self.lock();
            if let Some(remote) = &mut *remote {
                for event in remote.events.drain(..) {
                    local.queue.push(event);
                }
                if local.ending.is_none()
                    && let Some(ending) = remote.ending.take()
                {
                    local.end(ending);
                }
                if local.outlet == Outlet::Nowhere {
                    dropped.extend(remote.items.drain(..));
                }
                local.unread = remote.outbox.len();
                let room = local.room().min(remote.items.len());
                local.items.extend(remote.items.drain(..room));
                local.overtaken = !remote.items.is_empty();
                if remote.items.len() * 2 <= self.capacity {
                    wakers = remote.blocked.release();
                }
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
        let read = self.local.with(|local| {
            let item = local.items.pop_front();
            let room = local.overtaken || (!local.blocked.is_empty() && local.has_much_room());
            (item, room)
        });
        match read {
            Some((Some(item), room)) => {
                if room {
                    self.give_room();
                }
                Read::Item(item)
            }
            Some((None, _)) => self.read_end(),
            None => Read::Nothing,
        }
    }

    #[cold]
    fn read_end(&self) -> Read<G::Item> {
        let ending = self.local.with(|local| local.ending.clone()).flatten();
        match ending {
            Some(ending) if self.has_ended() => Read::End(ending),
            _ => Read::Nothing,
        }
    }

    /// Lets those go on who wait for room.
    #[cold]
    fn give_room(&self) {
        let blocked = self.local.with(|local| {
            if local.overtaken {
                // What waits outside comes first.
                self.wakes.tell();
                Vec::new()
            } else {
                local.blocked.release()
            }
        });
        blocked.into_iter().flatten().for_each(Waker::wake);
    }

    /// Hands the items to the handle, whose reader is elsewhere.
    pub(crate) fn send_out(&self) {
        let wakers = self.local.with(|local| {
            let waiting = !local.blocked.is_empty() || local.overtaken;
            if local.outlet != Outlet::Outbox || (local.items.is_empty() && !waiting) {
                return Vec::new();
            }
            let mut wakers = Vec::new();
            let mut remote = self.lock();
            let remote = self.made(&mut remote);
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
            let mut remote = self.lock();
            let remote = self.made(&mut remote);
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
        if self.unread.load(Ordering::Relaxed) {
            return;
        }
        self.unread.store(true, Ordering::Release);
        if self.has_remote.load(Ordering::Acquire) {
            let (items, blocked) = {
                let mut remote = self.lock();
                let remote = self.made(&mut remote);
                let items = std::mem::take(&mut remote.outbox);
                (items, remote.blocked.release())
            };
            drop(items);
            blocked.into_iter().for_each(Waker::wake);
        }
        if !self.has_ended() {
            self.wakes.tell();
        }
    }

    /// Ends the execution; the first ending counts. The driver drops the rest when it next looks.
    pub(crate) fn end(&self, ending: Ending) {
        let mut ending = Some(ending);
        let inside = self.local.with(|local| {
            if let (None, Some(ending)) = (&local.ending, ending.take()) {
                local.end(ending);
            }
        });
        if inside.is_none() {
            {
                let mut remote = self.lock();
                if !self.has_ended() {
                    let remote = self.made(&mut remote);
                    if remote.ending.is_none() {
                        remote.ending = ending.take();
                    }
                }
            }
            self.wakes.tell();
        }
    }

    /// Ends the execution with what `error` makes of the names of the running handler and its event.
    #[cold]
    pub(crate) fn fail(&self, error: impl FnOnce(&'static str, Option<&'static str>) -> FlowError) {
        let running = self.local.with(|local| local.running);
        let clause = running.and_then(|clause| G::DESC.clauses.get(clause));
        let (handler, event) = clause.map_or(("?", None), |clause| {
            (clause.handler.name, clause.event.map(|event| event.name))
        });
        self.end(Ending::Failed(error(handler, event)));
    }

    /// The end is decided: what comes from outside from now on is dropped.
    pub(crate) fn close(&self) {
        self.ended.store(true, Ordering::SeqCst);
    }

    /// The driver has dropped the handlers: nothing runs any more. `alone` says that nobody outside
    /// could emit before it was closed.
    pub(crate) fn finish(&self, alone: bool) {
        let left = self.local.with(|local| {
            let ending = local.ending.get_or_insert(Ending::Done).clone();
            let mut waiting = local.blocked.release();
            let mut left = (local.queue.take(), None);
            if alone && local.outlet != Outlet::Outbox && !self.has_remote.load(Ordering::Acquire) {
                return (left, waiting);
            }
            let mut remote = self.lock();
            if local.outlet == Outlet::Outbox {
                self.made(&mut remote);
            }
            if let Some(remote) = &mut *remote {
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
                waiting.append(&mut remote.blocked.release());
                waiting.extend(remote.reader.take());
                remote.ended = Some(ending);
                left.1 = Some((
                    std::mem::take(&mut remote.events),
                    std::mem::take(&mut remote.items),
                ));
            }
            (left, waiting)
        });
        if let Some((left, waiting)) = left {
            drop(left);
            waiting.into_iter().for_each(Waker::wake);
        }
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
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
