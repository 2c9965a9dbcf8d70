//! What the executions of a host share: which of them are in memory, and what is known of the
//! others.

use std::collections::{BTreeMap, HashMap};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Notify, Semaphore, watch};
use tokio::task::AbortHandle;

use crate::durable::by_id::Status;
use crate::durable::host::clock::Clock;
use crate::durable::host::options::HostOptions;
use crate::durable::host::request::{Ask, Reply, Request};
use crate::durable::host::timers::Timers;
use crate::durable::program::Program;
use crate::durable::request_error::RequestError;
use crate::durable::store::{ExecutionName, Store};
use crate::error::FlowError;

pub(super) struct Shared {
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Clock,
    /// How long an execution that waits for the outside stays in memory.
    pub(super) park_after: Duration,
    /// How many bytes a value may have.
    pub(super) max_value: usize,
    /// How many entries of the history of an execution are kept.
    pub(super) history: u64,
    pub(super) runtime: Handle,
    /// Those that were running at several crashes run one at a time.
    pub(super) suspects: Arc<Semaphore>,
    /// There is a new first deadline.
    pub(super) timers_changed: Notify,
    /// An execution has left the memory while the host closes.
    left: Notify,
    index: Mutex<Index>,
}

#[derive(Default)]
struct Index {
    is_closed: bool,
    /// Nothing is taken any more, and executions leave the memory.
    is_closing: bool,
    programs: HashMap<Arc<str>, Arc<dyn Program>>,
    /// Those in memory.
    loaded: HashMap<ExecutionName, Loaded>,
    /// Those that are not, and go on by themselves at a time.
    timers: Timers,
    stuck: BTreeMap<ExecutionName, Stuck>,
    /// Those that somebody reads.
    watched: HashMap<ExecutionName, watch::Sender<Changes>>,
    /// What else runs for the host.
    services: Vec<AbortHandle>,
}

/// How often what is kept of an execution has changed.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Changes {
    /// It has further items.
    items: u64,
    /// It is over, or stuck, or goes on.
    status: u64,
}

/// What has changed.
#[derive(Clone, Copy, Default)]
pub(super) struct Changed {
    pub(super) items: bool,
    pub(super) status: bool,
}

impl Changed {
    pub(super) const STATUS: Self = Self {
        items: false,
        status: true,
    };
}

struct Loaded {
    mailbox: UnboundedSender<Request>,
    task: AbortHandle,
}

/// Why an execution does not go on.
#[derive(Clone, Debug)]
pub(super) enum Stuck {
    Blocked(FlowError),
    Poisoned(u32),
}

/// How a task leaves its execution.
pub(super) enum Left {
    /// There is none.
    Nothing,
    Over,
    /// It waits for the outside, or for a time.
    Parked(Option<SystemTime>),
    Stuck(Stuck),
}

impl Stuck {
    pub(super) fn error(&self) -> RequestError {
        match self {
            Self::Blocked(reason) => RequestError::Blocked {
                reason: reason.clone(),
            },
            Self::Poisoned(loads) => RequestError::Poisoned { loads: *loads },
        }
    }

    pub(super) fn status(&self) -> Status {
        match self {
            Self::Blocked(reason) => Status::Blocked {
                reason: reason.clone(),
            },
            Self::Poisoned(loads) => Status::Poisoned { loads: *loads },
        }
    }
}

impl Shared {
    pub(super) fn new(store: Arc<dyn Store>, options: &HostOptions, runtime: Handle) -> Self {
        Self {
            store,
            clock: options.clock.clone(),
            park_after: options.park_after,
            max_value: options.max_value,
            history: options.history,
            runtime,
            suspects: Arc::new(Semaphore::new(1)),
            timers_changed: Notify::new(),
            left: Notify::new(),
            index: Mutex::default(),
        }
    }

    fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a flow. Returns whether there was none of this name.
    pub(super) fn add(&self, name: &Arc<str>, program: Arc<dyn Program>) -> bool {
        let mut index = self.index();
        let is_new = !index.programs.contains_key(name);
        if is_new && !index.is_closed {
            index.programs.insert(Arc::clone(name), program);
        }
        is_new
    }

    /// Runs something until the host is closed.
    pub(super) fn serve(&self, service: impl Future<Output = ()> + Send + 'static) {
        let mut index = self.index();
        if !index.is_closed && !index.is_closing {
            let task = self.runtime.spawn(service).abort_handle();
            index.services.retain(|task| !task.is_finished());
            index.services.push(task);
        }
    }

    /// Hands a request to the task of an execution. If it has none, `spawn` makes one.
    pub(super) fn hand(
        &self,
        id: &ExecutionName,
        request: Option<Request>,
        spawn: impl FnOnce(Arc<dyn Program>, UnboundedReceiver<Request>) -> AbortHandle,
    ) {
        let mut index = self.index();
        if index.is_closing {
            return;
        }
        let Some(program) = index.programs.get(id.flow()).cloned() else {
            // It is closed.
            return;
        };
        if let Some(loaded) = index.loaded.get(id)
            && !loaded.mailbox.is_closed()
        {
            if let Some(request) = request {
                // It is open, as no task ends without the lock, but by an abort.
                let _aborted = loaded.mailbox.send(request);
            }
            return;
        }
        index.timers.remove(id);
        let (sender, mailbox) = unbounded_channel();
        if let Some(request) = request {
            // The other end is here.
            let _sent = sender.send(request);
        }
        let loaded = Loaded {
            mailbox: sender,
            task: spawn(program, mailbox),
        };
        index.loaded.insert(id.clone(), loaded);
    }

    /// The task leaves its execution, unless something has come for it. Returns whether it does.
    pub(super) fn leave(
        &self,
        id: &ExecutionName,
        mailbox: &UnboundedReceiver<Request>,
        left: Left,
    ) -> bool {
        let mut index = self.index();
        if !mailbox.is_empty() {
            return false;
        }
        index.loaded.remove(id);
        match left {
            Left::Parked(Some(deadline)) => {
                index.timers.insert(id, deadline);
                self.timers_changed.notify_one();
            }
            Left::Stuck(stuck) => {
                index.stuck.insert(id.clone(), stuck);
            }
            Left::Nothing | Left::Over | Left::Parked(None) => {}
        }
        if index.is_closing {
            self.left.notify_waiters();
        }
        drop(index);
        self.changed(id, Changed::STATUS);
        true
    }

    pub(super) fn is_closing(&self) -> bool {
        self.index().is_closing
    }

    /// Takes nothing any more, and waits until no execution is in memory.
    pub(super) async fn leave_all(&self) {
        {
            let mut index = self.index();
            index.is_closing = true;
            for loaded in index.loaded.values() {
                let (reply, _replied) = Reply::channel();
                let ask = Ask::Close;
                // A task that has ended has left.
                let _ended = loaded.mailbox.send(Request { ask, reply });
            }
            for service in index.services.drain(..) {
                service.abort();
            }
        }
        loop {
            let mut left = pin!(self.left.notified());
            // One that leaves after this look is noticed.
            left.as_mut().enable();
            if self.index().loaded.is_empty() {
                return;
            }
            left.await;
        }
    }

    /// Takes the execution whose time has come, or returns when the next one does.
    pub(super) fn take_due(&self, now: SystemTime) -> Result<ExecutionName, Option<SystemTime>> {
        self.index().timers.take_due(now)
    }

    pub(super) fn stuck(&self, id: &ExecutionName) -> Option<Stuck> {
        self.index().stuck.get(id).cloned()
    }

    pub(super) fn all_stuck(&self, flow: &str) -> Vec<(ExecutionName, Stuck)> {
        let index = self.index();
        let stuck = index.stuck.iter().filter(|(id, _)| id.flow() == flow);
        stuck
            .map(|(id, stuck)| (id.clone(), stuck.clone()))
            .collect()
    }

    /// The execution may be tried again.
    pub(super) fn release(&self, id: &ExecutionName) {
        self.index().stuck.remove(id);
    }

    /// What is kept of the execution has changed.
    pub(super) fn changed(&self, id: &ExecutionName, Changed { items, status }: Changed) {
        if !items && !status {
            return;
        }
        if let Some(watched) = self.index().watched.get(id) {
            watched.send_modify(|changes| {
                changes.items += u64::from(items);
                changes.status += u64::from(status);
            });
        }
    }

    /// Tells of each change of the execution.
    pub(super) fn watch(self: &Arc<Self>, id: &ExecutionName) -> Watch {
        let mut index = self.index();
        let channel = || watch::channel(Changes::default());
        let changes = if index.is_closed {
            channel().1
        } else {
            let watched = index.watched.entry(id.clone());
            watched.or_insert_with(|| channel().0).subscribe()
        };
        drop(index);
        Watch {
            shared: Arc::clone(self),
            id: id.clone(),
            seen: Changes::default(),
            changes,
        }
    }

    /// Drops all executions. Nothing is recorded of that.
    pub(super) fn close(&self) {
        let closed = Index {
            is_closed: true,
            ..Index::default()
        };
        // What was in it is dropped without the lock.
        let index = std::mem::replace(&mut *self.index(), closed);
        for loaded in index.loaded.values() {
            loaded.task.abort();
        }
        for service in &index.services {
            service.abort();
        }
        self.left.notify_waiters();
    }
}

/// See [`Shared::watch`].
pub(super) struct Watch {
    shared: Arc<Shared>,
    id: ExecutionName,
    changes: watch::Receiver<Changes>,
    seen: Changes,
}

impl Watch {
    /// What has changed until now is known.
    pub(super) fn mark_seen(&mut self) {
        self.seen = *self.changes.borrow_and_update();
    }

    /// Waits for the next change.
    pub(super) async fn changed(&mut self) -> Result<(), RequestError> {
        let seen = self.seen;
        self.wait_for(|changes| *changes != seen).await
    }

    /// Waits until the execution is over, or stuck, or goes on.
    pub(super) async fn status_changed(&mut self) -> Result<(), RequestError> {
        let seen = self.seen;
        self.wait_for(|changes| changes.status != seen.status).await
    }

    async fn wait_for(&mut self, has: impl FnMut(&Changes) -> bool) -> Result<(), RequestError> {
        let changed = self.changes.wait_for(has).await;
        changed.map(drop).map_err(|_closed| RequestError::Closed)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut index = self.shared.index();
        let watched = index.watched.get(&self.id);
        if watched.is_some_and(|watched| watched.receiver_count() <= 1) {
            index.watched.remove(&self.id);
        }
    }
}
