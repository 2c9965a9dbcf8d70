//! One execution, as everybody who has to do with it sees it.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::engine::local::{Local, Outlet, Wakers};
use crate::engine::quietly::{drop_each_quietly, drop_quietly};
use crate::engine::remote::Remote;
#[cfg(feature = "tracing")]
use crate::engine::trace::Trace;
use crate::engine::turn::Turn;
use crate::engine::wakes::Wakes;
use crate::engine::watch::Watch;
use crate::error::FlowError;
use crate::event::Event;
use crate::graph::Graph;
use crate::resource::Shelf;
use crate::watch::{Lifecycle, Observer};

/// Neither the lock nor a borrow of the buffer is held while code of the user runs: handlers, wakers
/// (their `clone` and `drop`, too), destructors.
pub(crate) struct Shared<G: Graph> {
    pub(crate) local: Turn<Local<G>>,
    pub(crate) wakes: Wakes,
    /// Somebody watches.
    pub(crate) watch: OnceLock<Box<Watch>>,
    /// Made when it is first needed: most executions have nobody outside.
    remote: Mutex<Option<Box<Remote<G>>>>,
    /// It was made. Whoever makes it looks at `abandoned` after that, and whoever sets `abandoned` looks
    /// here after that, so that one of them sees the other.
    has_remote: AtomicBool,
    pub(crate) resources: Option<Arc<Shelf>>,
    pub(crate) states: Shelf,
    /// How many can still emit, besides the handlers.
    pub(crate) emitters: AtomicUsize,
    /// Nobody reads the items.
    pub(super) abandoned: AtomicBool,
    /// Somebody outside has put an item since, which was dropped.
    pub(super) dropped: AtomicBool,
    /// Closed to the outside: the end has come, and nothing is taken in any more.
    closed: AtomicBool,
    pub(super) capacity: usize,
    /// Items are kept for whoever polls the execution.
    pub(crate) read_here: bool,
}

/// How an execution ended.
#[derive(Clone)]
pub(crate) enum Ending {
    /// Nothing runs and nothing waits, or it was stopped.
    Done,
    Failed(FlowError),
}

impl Ending {
    pub(crate) fn error(&self) -> Option<FlowError> {
        match self {
            Self::Done => None,
            Self::Failed(error) => Some(error.clone()),
        }
    }
}

/// What the reader finds.
pub(crate) enum Read<T> {
    Item(T),
    /// The items are read, and no more will come.
    End(Ending),
}

impl<G: Graph> Shared<G> {
    pub(crate) fn new(
        first: G::Activation,
        resources: Option<Arc<Shelf>>,
        states: Shelf,
        capacity: usize,
        outlet: Outlet,
        max_events: u64,
    ) -> Self {
        Self {
            local: Turn::new(Local::new(first, outlet, capacity, max_events)),
            wakes: Wakes::default(),
            watch: OnceLock::new(),
            remote: Mutex::new(None),
            has_remote: AtomicBool::new(false),
            resources,
            states,
            emitters: AtomicUsize::new(0),
            abandoned: AtomicBool::new(outlet == Outlet::Nowhere),
            dropped: AtomicBool::new(false),
            closed: AtomicBool::new(false),
            capacity,
            read_here: outlet == Outlet::Here,
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Option<Box<Remote<G>>>> {
        self.remote.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn has_remote(&self) -> bool {
        self.has_remote.load(Ordering::SeqCst)
    }

    /// Calls `access` with what passes between here and outside, under its lock.
    pub(crate) fn with_remote<R>(&self, access: impl FnOnce(&mut Remote<G>) -> R) -> R {
        let mut remote = self.lock();
        access(self.made(&mut remote))
    }

    pub(super) fn made<'a>(&self, remote: &'a mut Option<Box<Remote<G>>>) -> &'a mut Remote<G> {
        if remote.is_none() {
            self.has_remote.store(true, Ordering::SeqCst);
        }
        remote.get_or_insert_default()
    }

    /// Hands the event to the clauses that wait for it.
    #[inline]
    pub(crate) fn emit<E: Event>(&self, event: E) {
        match self.watch.get() {
            None => G::deliver(event, |activation| self.push(activation)),
            Some(watch) => {
                self.tell_emitted(watch, E::DESC.name);
                G::deliver(event, |activation| self.push_watched(watch, activation));
            }
        }
    }

    /// Queues an activation, and notes what caused it.
    #[cold]
    pub(crate) fn push_watched(&self, watch: &Watch, activation: G::Activation) {
        // What came from outside came before.
        self.take_in();
        self.local
            .with(|local| watch.queued(local.run.get().step()));
        self.push(activation);
    }

    /// Adds somebody who watches.
    pub(crate) fn watched_by(&self, observer: &Observer) {
        let watch = self.watch.get_or_init(Box::default);
        watch.add(Arc::clone(observer));
        let ended = self.has_remote().then(|| self.lock());
        let ended = ended.and_then(|remote| remote.as_ref()?.ended.clone());
        if let Some(ending) = ended {
            // Nobody will tell it.
            observer(&Lifecycle::over(ending.error()));
        }
    }

    /// Has it traced; nobody watches yet.
    #[cfg(feature = "tracing")]
    pub(crate) fn trace(&self) {
        if let Some(trace) = Trace::begin::<G>() {
            self.watch.get_or_init(|| Box::new(Watch::traced(trace)));
        }
    }

    /// Queues an activation.
    #[inline]
    pub(crate) fn push(&self, activation: G::Activation) {
        // What came from outside came before.
        self.take_in();
        let mut activation = Some(activation);
        // After the end, it stays in the queue, and is dropped with it.
        self.local.with(|local| {
            if let Some(activation) = activation.take() {
                local.queue.push(activation);
            }
        });
        if let Some(activation) = activation {
            self.push_from_outside(activation);
        }
    }

    #[cold]
    fn push_from_outside(&self, activation: G::Activation) {
        let late = {
            let mut remote = self.lock();
            if self.is_closed() {
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

    /// Takes in what came from outside, if something did and it is the calling thread's turn.
    #[inline]
    pub(crate) fn take_in(&self) {
        if self.wakes.has_news() {
            self.take_in_news();
        }
    }

    #[cold]
    pub(crate) fn take_in_news(&self) {
        let taken = self.local.with(|local| {
            if self.wakes.has_news() {
                self.wakes.take_news();
            }
            let mut buffer = local.buffer.borrow_mut();
            let (mut dropped, mut wakers) = (Vec::new(), Wakers::default());
            if self.abandoned.load(Ordering::SeqCst) && buffer.outlet != Outlet::Nowhere {
                buffer.outlet = Outlet::Nowhere;
                dropped.extend(buffer.items.drain(..));
            }
            let mut remote = self.has_remote().then(|| self.lock());
            let mut remote = remote.as_deref_mut().and_then(Option::as_mut);
            if let Some(remote) = &mut remote {
                for event in remote.events.drain(..) {
                    local.queue.push(event);
                    if let Some(watch) = self.watch.get() {
                        watch.queued(None);
                    }
                }
                if let Some(ending) = &remote.ending {
                    local.end(ending.clone());
                }
                if buffer.outlet == Outlet::Nowhere {
                    buffer.note_moved(remote.items.len());
                    dropped.extend(remote.items.drain(..));
                    // Sent while the reader was leaving.
                    dropped.extend(remote.outbox.drain(..));
                }
                if buffer.outlet != Outlet::Here {
                    buffer.note_reader(remote.outbox.len());
                }
                let room = buffer.room().min(remote.items.len());
                buffer.note_moved(room);
                buffer.items.extend(remote.items.drain(..room));
                buffer.overtaken = !remote.items.is_empty();
            }
            if buffer.has_much_room() && !buffer.overtaken {
                wakers = buffer.blocked.release();
            }
            if let Some(remote) = &mut remote {
                remote.gate = !buffer.blocked.is_empty() && (remote.gate || buffer.overtaken);
                if !remote.gate && remote.items.len() * 2 <= self.capacity {
                    wakers.append(remote.blocked.release());
                }
            }
            (dropped, wakers)
        });
        if let Some((dropped, wakers)) = taken {
            wakers.wake();
            drop_each_quietly(dropped);
        }
    }

    /// Ends the execution; the first ending counts. The driver drops the rest when it next looks.
    pub(crate) fn end(&self, ending: Ending) {
        let mut ending = Some(ending);
        let inside = self.local.with(|local| {
            if let Some(ending) = ending.take() {
                local.end(ending);
            }
        });
        if inside.is_none() {
            {
                let mut remote = self.lock();
                if !self.is_closed() {
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
        let running = self.local.with(|local| local.running.get());
        let running = running.and_then(|handler| G::DESC.mention(handler));
        let (handler, event) = running.map_or(("?", None), |(handler, trigger)| {
            (handler.name, trigger.name())
        });
        self.end(Ending::Failed(error(handler, event)));
    }

    /// Ends the execution, which had more events than it may have: it was to run `handler` next.
    #[cold]
    pub(crate) fn fail_of_events(&self) {
        let max = self
            .local
            .with(|local| local.max_events)
            .unwrap_or_default();
        self.fail(|handler, event| FlowError::too_many_events(max, handler, event));
    }

    /// The end is decided: what comes from outside from now on is dropped.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    /// The driver has dropped the handlers: nothing runs any more. `alone` says that nobody outside
    /// could emit before it was closed.
    #[inline]
    pub(crate) fn finish(&self, local: &Local<G>, alone: bool) {
        // A slot that panicked has given up its emitter, and counted for somebody outside.
        let alone = alone && !self.has_remote() && matches!(local.ending.get(), Some(Ending::Done));
        if !alone || local.leaves_something() {
            self.finish_what_is_left(local, alone);
        }
    }

    fn finish_what_is_left(&self, local: &Local<G>, alone: bool) {
        let mut waiting = local.buffer.borrow_mut().blocked.release();
        let queue = local.queue.take();
        drop_each_quietly(std::iter::from_fn(|| queue.pop()));
        drop_quietly(local.partners.take());
        if !alone || local.buffer.borrow().outlet == Outlet::Outbox {
            let mut lock = self.lock();
            let remote = self.made(&mut lock);
            let events = std::mem::take(&mut remote.events);
            let unread = self.keep_for_the_reader(local, remote);
            let questions = std::mem::take(&mut remote.questions);
            if !events.is_empty() || !unread.is_empty() || !questions.are_answered() {
                // Whoever learns of the end finds nothing left.
                drop(lock);
                drop_each_quietly(events);
                drop_each_quietly(unread);
                drop_each_quietly(questions.into_waiting());
                lock = self.lock();
            }
            let remote = self.made(&mut lock);
            waiting.append(remote.blocked.release());
            waiting.extend(remote.reader.take());
            remote.ended = Some(local.ending.get_or_init(|| Ending::Done).clone());
        }
        waiting.wake();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    /// Whether somebody who is not a handler can still emit.
    pub(crate) fn is_held_outside(&self) -> bool {
        self.emitters.load(Ordering::Acquire) > 0
    }
}
