//! The state of an execution that only the polling thread reaches, without a lock.

pub(in crate::engine) mod end;
pub(crate) mod poll_cell;
pub(crate) mod position;
pub(crate) mod queue;
mod replied;
mod slot_notes;
#[cfg(feature = "durable")]
pub(in crate::engine) mod staged;
pub(crate) mod times;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::sync::Arc;

use crate::engine::ending::{Decided, Ending};
use crate::engine::inside::position::{Position, PositionCell, Progress, Run};
use crate::engine::inside::queue::Queue;
use crate::engine::inside::times::{NewDeadlines, is_tick};
#[cfg(feature = "durable")]
use crate::engine::log::Kept;
use crate::engine::observe::trace::Current;
use crate::engine::stream::buffer::{Buffer, Outlet};
use crate::error::FlowError;
use crate::graph::TriggerDesc;
use crate::macro_support::BUDGET;
use crate::macro_support::drop::drop_each_catching;
use crate::macro_support::graph::{Graph, NO_HANDLER};
use crate::macro_support::type_map::{AnyResource, TypeMap};
use crate::resource::Res;
use crate::state::State;

/// The fields are cells, so that an event costs no bookkeeping of borrows.
pub(crate) struct Inside<G: Graph> {
    pub(crate) queue: Queue<G::Activation>,
    pub(crate) buffer: RefCell<Buffer<G::Item>>,
    /// The rest of [`BUDGET`] in this poll; 0 once the ending is decided.
    pub(crate) budget: Cell<u32>,
    /// How often a `put` has found no room. The clock of a handler's `timeout` stands still then.
    pub(crate) waits: Cell<u32>,
    /// The number of activations that were taken from the queue, without those of `every`.
    pub(crate) taken: Cell<u64>,
    /// The clause and the handler that the current slot runs.
    pub(crate) position: PositionCell,
    /// The run of a clause that the current slot is in, if something observes.
    pub(crate) run: Cell<Run>,
    /// The span of the current handler, if the execution is traced.
    pub(crate) span: Current,
    /// What a flow knows of its slots whose stages ask, or wait for the outside.
    slots: Cell<Option<Box<SlotNotes<G::Activation>>>>,
    /// The current slot has nothing to do.
    pub(crate) idle: Cell<bool>,
    /// Set when the ending is decided; handlers may still be there to be dropped.
    pub(crate) ending: Decided,
    /// The ending with which a `finally` runs; `ending` comes after it.
    pub(crate) first_ending: OnceCell<Box<RefCell<Ending>>>,
    /// How far the execution is in opening its resources.
    opening: Cell<Opening>,
    /// The stages that were given up finish, and then the `finally` runs.
    pub(crate) finalizing: Cell<bool>,
    /// The `finally` has begun.
    pub(crate) in_finally: Cell<bool>,
    /// The `finally` has failed, or that of a stage.
    pub(crate) finishing_failed: Cell<bool>,
    /// The execution was cancelled while its `finally` ran.
    cancelled: Cell<bool>,
    /// What the driver has to know of times since it last looked.
    pub(crate) deadlines: Cell<Option<Box<NewDeadlines>>>,
    /// The value of `end`, until it is taken.
    pub(crate) output: Cell<Option<G::Output>>,
    /// An `end` has decided the output.
    pub(crate) has_output: Cell<bool>,
    /// The events that wait for their partners.
    pub(crate) partners: RefCell<G::Partners>,
    /// Dropped at the end, like everything else in here: a value may hold a context or a waker of
    /// the execution, and keep it alive.
    resources: Cell<Option<Arc<TypeMap>>>,
    states: RefCell<TypeMap>,
    /// Present in an execution of a durable flow, once it needs it.
    #[cfg(feature = "durable")]
    pub(crate) kept: OnceCell<Box<Kept<G>>>,
}

/// The resources that an execution opens before `start`.
#[derive(Clone, Copy, PartialEq)]
enum Opening {
    /// The first activation in the queue opens the next.
    Next,
    /// A handler opens one, and all else waits in the queue.
    Running,
    /// All of them are there, or the flow declares none.
    Done,
}

/// In a box, because most executions have none.
struct SlotNotes<A> {
    /// The number of the slot that is polled.
    current: u32,
    /// By slot, how many handlers run in branches.
    beside: Vec<u32>,
    /// The rests of clauses that have their replies, in the order of these.
    rests: VecDeque<A>,
}

impl<A> Default for SlotNotes<A> {
    fn default() -> Self {
        Self {
            current: 0,
            beside: Vec::new(),
            rests: VecDeque::new(),
        }
    }
}

impl<G: Graph> Inside<G> {
    pub(crate) fn new(
        first: G::Activation,
        resources: Option<Arc<TypeMap>>,
        states: TypeMap,
        outlet: Outlet,
        capacity: usize,
    ) -> Self {
        Self {
            queue: Queue::new(Some(first)),
            buffer: RefCell::new(Buffer::new(outlet, capacity)),
            budget: Cell::new(BUDGET),
            waits: Cell::new(0),
            taken: Cell::new(0),
            position: PositionCell::default(),
            run: Cell::default(),
            span: Current::default(),
            slots: Cell::default(),
            idle: Cell::new(false),
            ending: Decided::default(),
            first_ending: OnceCell::new(),
            opening: Cell::new(if const { G::DESC.opens } {
                Opening::Next
            } else {
                Opening::Done
            }),
            finalizing: Cell::new(false),
            in_finally: Cell::new(false),
            finishing_failed: Cell::new(false),
            cancelled: Cell::new(false),
            deadlines: Cell::default(),
            output: Cell::new(None),
            has_output: Cell::new(false),
            partners: RefCell::default(),
            resources: Cell::new(resources),
            states: RefCell::new(states),
            #[cfg(feature = "durable")]
            kept: OnceCell::new(),
        }
    }

    pub(crate) fn resource<T: ?Sized + Send + Sync + 'static>(&self) -> Option<Res<T>> {
        if const { G::DESC.opens } {
            let opened = self.states.borrow().get();
            if opened.is_some() {
                return opened;
            }
        }
        let resources = self.resources.take();
        let found = resources.as_ref().and_then(|resources| resources.get());
        self.resources.set(resources);
        found
    }

    pub(crate) fn state<T: Send + 'static>(&self) -> Option<State<T>> {
        self.states.borrow().state()
    }

    /// Calls `access` with the states, of which none are left after the end.
    pub(crate) fn with_states(&self, access: &mut dyn FnMut(&TypeMap)) {
        access(&self.states.borrow());
    }

    /// A value that the calls of a handler share, kept with the states.
    pub(crate) fn shared<T: Send + Sync + 'static>(&self) -> Option<Res<T>> {
        self.states.borrow().get()
    }

    /// A resource was opened, which is kept with the states. `next` is the clause that opens the
    /// next one, or `start`, and comes before what has arrived meanwhile.
    pub(crate) fn opened(&self, resource: AnyResource, next: G::Activation) {
        self.states.borrow_mut().add(resource);
        let opens = opens::<G>(G::place(&next).0);
        self.opening
            .set(if opens { Opening::Next } else { Opening::Done });
        self.queue.push_front(next);
    }

    /// Whether what is in the queue waits for a resource that is opened, or until the ending of the
    /// execution is durable.
    #[inline]
    pub(crate) fn is_opening(&self) -> bool {
        self.opens() || self.awaits_ending()
    }

    /// Whether what is in the queue waits for a resource that is opened.
    #[inline]
    pub(crate) fn opens(&self) -> bool {
        let opens = const { G::DESC.opens };
        opens && self.opening.get() == Opening::Running
    }

    /// Queues an activation, before those of a call that has not ended.
    #[inline]
    pub(crate) fn push(&self, activation: G::Activation) {
        #[cfg(feature = "durable")]
        if const { G::DESC.durable }
            && let Some(kept) = self.kept.get()
            && let last @ 1.. = kept.staged.activations()
        {
            return self.queue.push_before(last, activation);
        }
        self.queue.push(activation);
    }

    /// Whether there is an activation to take.
    #[inline]
    pub(crate) fn has_next(&self) -> bool {
        (!self.queue.is_empty() || self.has_rest()) && !self.is_opening()
    }

    /// Whether `start` has begun, or is about to: only then a `finally` runs.
    pub(crate) fn is_open(&self) -> bool {
        let opens = const { G::DESC.opens };
        !opens || self.opening.get() == Opening::Done
    }

    /// A handler panics in a rescue that had taken this error. It is kept with the states, because
    /// it is rare, and the execution fails right after.
    pub(crate) fn note_panicking_rescue(&self, taken: FlowError) {
        // A rescue may have panicked before, and this one is in a `finally`.
        self.states.borrow_mut().replace(taken);
    }

    /// The error that the rescue had taken in which a handler has panicked.
    pub(crate) fn panicked_rescue(&self) -> Option<FlowError> {
        self.shared::<FlowError>().map(|taken| (*taken).clone())
    }

    /// Drops what handlers needed, after the last one was dropped.
    #[inline]
    pub(crate) fn drop_values(&self) {
        #[cfg(feature = "durable")]
        if const { G::DESC.durable }
            && let Some(kept) = self.kept.get()
        {
            kept.give_up();
        }
        if const { G::DESC.opens } {
            // The last one that was opened may refer to those before it.
            drop_each_catching(self.states.take().into_values().rev());
        }
        // The flow or another execution may have them as well.
        if let Some(resources) = self.resources.take().and_then(Arc::into_inner) {
            drop_each_catching(resources.into_values());
        }
        let has_states = !self.states.borrow().is_empty();
        if has_states {
            drop_each_catching(self.states.take().into_values());
        }
    }

    /// Drops the events that wait in the queue, and those that their destructors emit.
    pub(crate) fn drop_events(&self) {
        loop {
            if const { G::DESC.splits } {
                drop_each_catching(self.with_rests(std::mem::take).unwrap_or_default());
            }
            if self.queue.is_empty() {
                return;
            }
            let queue = self.queue.take();
            drop_each_catching(std::iter::from_fn(|| queue.pop()));
        }
    }

    /// Gives back the room of what is empty.
    pub(crate) fn give_back_room(&self) {
        let mut buffer = self.buffer.borrow_mut();
        if buffer.items.is_empty() {
            buffer.items = VecDeque::new();
        }
        self.queue.give_back_room();
        if const { G::DESC.splits } && self.with_rests(|_| ()).is_none() {
            self.slots.set(None);
        }
    }

    /// Swaps the buffer with the batch of a reader that polls the execution, if that batch is
    /// empty. Returns how many items the reader may leave before blocked `put`s are worth waking.
    pub(crate) fn swap_batch(&self, batch: &mut VecDeque<G::Item>) -> usize {
        let mut buffer = self.buffer.borrow_mut();
        if batch.is_empty() {
            std::mem::swap(batch, &mut buffer.items);
        }
        buffer.set_unread(batch.len());
        buffer.wake_at()
    }

    /// How many events wait for a partner.
    #[inline]
    pub(crate) fn waiting_for_partners(&self) -> usize {
        G::waiting(&self.partners)
    }

    pub(crate) fn progress(&self) -> Progress {
        let buffer = self.buffer.borrow();
        Progress {
            taken: self.taken.get(),
            activity: buffer.activity(),
            blocked: buffer.has_blocked(),
        }
    }

    /// Whether there are items for a reader that polls the execution.
    pub(crate) fn has_items_here(&self) -> bool {
        let buffer = self.buffer.borrow();
        buffer.outlet() == Outlet::Here && !buffer.items.is_empty()
    }

    /// Whether something must be dropped, or reported to the outside, after the end.
    #[inline]
    pub(crate) fn has_leftovers(&self) -> bool {
        let buffer = self.buffer.borrow();
        buffer.outlet() == Outlet::Outbox
            || !self.queue.is_empty()
            || buffer.has_blocked_inside()
            || size_of::<G::Partners>() > 0
    }

    /// The clause and its first handler begin.
    #[inline]
    pub(crate) fn begin(&self, place: (usize, usize)) {
        self.spend();
        self.position.set(Position::new(place));
        if const { G::DESC.opens } && opens::<G>(place.0) {
            self.opening.set(Opening::Running);
        }
        if !is_tick::<G>(place.0) {
            self.note_taken();
        }
    }

    /// The clause looks for the partners of an event: if the key panics, the error names the clause.
    #[inline]
    pub(crate) fn matches(&self, clause: usize) {
        self.position.set(Position::new((clause, NO_HANDLER)));
    }

    /// An event was taken from the queue, by a clause or to wait for its partner.
    #[inline]
    pub(crate) fn note_taken(&self) {
        self.taken.set(self.taken.get().wrapping_add(1));
    }

    /// Notes something for the driver.
    #[cold]
    pub(crate) fn note_times(&self, note: impl FnOnce(&mut NewDeadlines)) {
        let mut deadlines = self.deadlines.take().unwrap_or_default();
        note(&mut deadlines);
        self.deadlines.set(Some(deadlines));
    }

    /// Spends one unit of the budget, if there is one left.
    #[inline]
    pub(crate) fn spend(&self) {
        self.budget.set(self.budget.get().saturating_sub(1));
    }
}

/// Whether the clause with this number opens a resource.
#[cold]
fn opens<G: Graph>(clause: usize) -> bool {
    let clause = G::DESC.clauses.get(clause);
    clause.is_some_and(|clause| matches!(clause.trigger, TriggerDesc::Open(_)))
}
