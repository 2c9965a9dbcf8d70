//! The part of an execution that its inside and its outside share.

use std::sync::{Arc, OnceLock, PoisonError};

use crate::engine::in_place::Place;
use crate::engine::inside::Inside;
use crate::engine::inside::poll_cell::PollCell;
use crate::engine::limits::EventLimits;
use crate::engine::observe::watch::Watch;
use crate::engine::outside::Outside;
use crate::engine::outside::tree::Tree;
use crate::engine::stream::buffer::Outlet;
use crate::engine::wake_state::WakeState;
use crate::lifecycle::ExecutionId;
use crate::macro_support::drop::Rare;
use crate::macro_support::graph::Graph;
use crate::macro_support::type_map::TypeMap;
use crate::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering};
use crate::sync::{Mutex, MutexGuard};

/// The shared part of an execution, behind an `Arc`: contexts, handles and wakers hold it.
///
/// [`engine`](crate::engine) describes what guards each field. The methods are in the files of the
/// data that they move: events in `emit`, the end in `finish`, items in `stream`, questions in
/// `outside`, observers in `observe`.
pub(crate) struct Core<G: Graph> {
    pub(crate) inside: PollCell<Inside<G>>,
    pub(crate) wake_state: WakeState,
    /// Set when something observes the execution.
    pub(crate) watch: OnceLock<Box<Watch>>,
    /// Present if the execution has any.
    pub(super) limits: Option<Box<EventLimits>>,
    /// [`NOTED`] if it has limits, or something observes it: one look for both, at each event.
    /// [`TAKES_TURNS`] beside it.
    noted: AtomicU8,
    /// The number of its [`ExecutionId`], or 0 before one is given.
    id: AtomicU64,
    /// Where its items go as long as they are read.
    outlet: Outlet,
    /// Made when it is first needed: most executions have no outside.
    outside: Mutex<Rare<Outside<G>>>,
    /// Set before `outside` is made; see the wake protocol.
    has_outside: AtomicBool,
    /// The number of clones of contexts: they are part of what is under way.
    pub(super) contexts: AtomicU32,
    /// The number of emitters outside: handles, senders, waiting questions. Not waited for once the
    /// end is decided.
    pub(super) outsiders: AtomicU32,
    /// The end of this execution is decided, or that of an outer one. Closed to senders and
    /// answers; what is under way goes on.
    pub(super) ending: AtomicBool,
    /// Something waited for the outside, or for the end, and goes without because the end is decided.
    pub(super) gave_up: AtomicBool,
    /// Nothing reads the items any more.
    pub(super) reader_gone: AtomicBool,
    /// How many handles can ask with what the execution has ended.
    pub(super) witnesses: AtomicU8,
    /// An item was put from outside and dropped: for the idle timeout, which counts it as activity.
    pub(super) dropped_outside: AtomicBool,
    /// [`CLOSED`] to the outside, so that what arrives from there is dropped, or [`LEFT_NOTHING`].
    closed: AtomicU8,
    /// The `finally` runs. What comes from elsewhere is dropped, as after the end.
    pub(super) finalizing: AtomicBool,
    /// That of the stream, as narrow as an execution that waits for days wants it.
    capacity: u32,
    /// How many events wait in the queue or for a partner, as of the last time that the driver
    /// returned.
    pub(super) queued: AtomicU32,
    /// Present if a stage waits for the outside, or if the execution is one of a stage that does.
    pub(crate) tree: Option<Arc<Tree>>,
}

/// The bits of `Core::noted`.
const NOTED: u8 = 1;
/// The attempts of handlers take turns.
const TAKES_TURNS: u8 = 2;
/// The execution is kept in a store, through which anybody can reach it.
const RECORDED: u8 = 4;

/// The values of `Core::closed`: open is 0.
const CLOSED: u8 = 1;
/// Closed, and the handle finds nothing.
const LEFT_NOTHING: u8 = 2;

impl<G: Graph> Core<G> {
    #[inline]
    pub(crate) fn new(
        first: G::Activation,
        resources: Option<Arc<TypeMap>>,
        states: TypeMap,
        capacity: usize,
        outlet: Outlet,
        limits: Option<Box<EventLimits>>,
        tree: Option<Arc<Tree>>,
    ) -> Arc<Self> {
        let place = Place::new();
        place.fill(Self {
            inside: PollCell::new(Inside::new(first, resources, states, outlet, capacity)),
            wake_state: WakeState::default(),
            watch: OnceLock::new(),
            noted: AtomicU8::new(if limits.is_some() { NOTED } else { 0 }),
            limits,
            id: AtomicU64::new(0),
            outlet,
            outside: Mutex::new(Rare::default()),
            has_outside: AtomicBool::new(false),
            contexts: AtomicU32::new(0),
            outsiders: AtomicU32::new(0),
            ending: AtomicBool::new(false),
            gave_up: AtomicBool::new(false),
            reader_gone: AtomicBool::new(outlet == Outlet::Nowhere),
            witnesses: AtomicU8::new(0),
            dropped_outside: AtomicBool::new(false),
            closed: AtomicU8::new(0),
            finalizing: AtomicBool::new(false),
            capacity: u32::try_from(capacity).unwrap_or(u32::MAX),
            queued: AtomicU32::new(0),
            tree,
        })
    }

    /// Whether the execution has limits, or something observes it.
    #[inline]
    pub(super) fn is_noted(&self) -> bool {
        // An emission that comes after the call of `observe` sees it.
        self.noted.load(Ordering::Relaxed) & NOTED != 0
    }

    /// Whether the attempts of handlers wait for permits of the execution.
    #[inline]
    pub(super) fn takes_turns(&self) -> bool {
        self.noted.load(Ordering::Relaxed) & TAKES_TURNS != 0
    }

    /// Whether the execution is kept in a store.
    #[inline]
    pub(crate) fn is_recorded(&self) -> bool {
        let may_be = const { G::DESC.durable };
        may_be && self.noted.load(Ordering::Relaxed) & RECORDED != 0
    }

    /// Whether it is, or has limits, or something observes it: one look for all of these.
    #[inline]
    pub(super) fn is_noted_or_recorded(&self) -> bool {
        self.noted.load(Ordering::Relaxed) & (NOTED | RECORDED) != 0
    }

    /// Notes that it is, before it is polled.
    #[cfg(feature = "durable")]
    pub(super) fn note_recorded(&self) {
        self.noted.fetch_or(RECORDED, Ordering::Relaxed);
    }

    /// Notes that they do, before the execution is polled.
    pub(crate) fn note_turns(&self) {
        self.noted.fetch_or(TAKES_TURNS, Ordering::Relaxed);
    }

    /// What observes the execution, made if nothing has yet.
    pub(super) fn watch_or(&self, watch: impl FnOnce() -> Watch) -> &Watch {
        let watch = self.watch.get_or_init(|| Box::new(watch()));
        self.noted.fetch_or(NOTED, Ordering::Relaxed);
        watch
    }

    /// The id, given when something asks for it: most executions need none.
    pub(crate) fn id(&self) -> ExecutionId {
        let id = ExecutionId::from_number(self.id.load(Ordering::Relaxed));
        id.unwrap_or_else(|| {
            let next = ExecutionId::next();
            let given =
                self.id
                    .compare_exchange(0, next.get(), Ordering::Relaxed, Ordering::Relaxed);
            given
                .err()
                .and_then(ExecutionId::from_number)
                .unwrap_or(next)
        })
    }

    /// Its address, which no other execution has at the same time.
    pub(crate) fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    pub(super) fn lock_outside(&self) -> MutexGuard<'_, Rare<Outside<G>>> {
        self.outside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn has_outside(&self) -> bool {
        self.has_outside.load(Ordering::SeqCst)
    }

    /// The outside under its lock, made if it is not there yet.
    pub(super) fn outside_mut<'a>(&self, outside: &'a mut Rare<Outside<G>>) -> &'a mut Outside<G> {
        if outside.is_none() {
            self.has_outside.store(true, Ordering::SeqCst);
        }
        outside.get_or_insert_default()
    }

    /// Calls `access` with the outside, under its lock.
    pub(super) fn with_outside<R>(&self, access: impl FnOnce(&mut Outside<G>) -> R) -> R {
        let mut outside = self.lock_outside();
        access(self.outside_mut(&mut outside))
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire) != 0
    }

    /// Closes the execution to the outside, under the lock of `outside` if there is one.
    #[inline]
    pub(super) fn set_closed(&self) {
        self.closed.store(CLOSED, Ordering::Release);
    }

    /// The driver found nothing to leave for the handle at the end. Guarded by `outside`.
    pub(super) fn left_nothing(&self) -> bool {
        self.closed.load(Ordering::Relaxed) == LEFT_NOTHING
    }

    /// Notes that, of an execution that is closed.
    pub(super) fn set_left_nothing(&self) {
        self.closed.store(LEFT_NOTHING, Ordering::Release);
    }

    /// Whether a handle can observe the execution while its driver is elsewhere.
    #[inline]
    pub(super) fn has_handle(&self) -> bool {
        self.outlet == Outlet::Outbox
    }

    /// Whether the reader polls the execution itself.
    #[inline]
    pub(crate) fn is_read_here(&self) -> bool {
        self.outlet == Outlet::Here
    }

    /// The number of items that its stream has room for.
    pub(super) fn capacity(&self) -> usize {
        self.capacity as usize
    }

    /// Whether anything besides the handlers can still emit.
    pub(crate) fn has_emitters(&self) -> bool {
        self.has_contexts() || self.outsiders.load(Ordering::Acquire) > 0
    }

    /// Whether a clone of a context can still emit.
    pub(crate) fn has_contexts(&self) -> bool {
        self.contexts.load(Ordering::SeqCst) > 0
    }
}
