//! What an execution keeps for itself, on the thread that polls it.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::task::Waker;

use tokio::time::Instant;

use crate::engine::Ending;
use crate::engine::alarms::Progress;
use crate::engine::trace::Current;
use crate::engine::watch::Run;
use crate::error::FlowError;
use crate::graph::Graph;

/// How many events, items and polls an execution takes before it lets other tasks run.
pub(crate) const BUDGET: u32 = 256;

/// In cells, so that an event on its way costs no bookkeeping of who borrows what.
pub(crate) struct Local<G: Graph> {
    pub(crate) queue: Queue<G::Activation>,
    pub(crate) buffer: RefCell<Buffer<G::Item>>,
    /// What is left of [`BUDGET`] in this poll; 0 once the end is decided.
    pub(crate) budget: Cell<u32>,
    /// How many events it may still take.
    pub(crate) events_left: Cell<u64>,
    /// How many it may take in all.
    pub(crate) max_events: u64,
    /// The handler that the slot being polled runs, counted as in the graph's description.
    pub(crate) running: Cell<usize>,
    /// The run of a clause that the slot is in, where somebody watches.
    pub(crate) run: Cell<Run>,
    /// The span of its handler, where the execution is traced.
    pub(crate) span: Current,
    /// The slot that is being polled found nothing to do.
    pub(crate) parked: Cell<bool>,
    /// Its end is decided; handlers may still be there to be dropped.
    pub(crate) ending: OnceCell<Ending>,
    /// When questions are to be answered that were asked since the driver last looked.
    pub(crate) deadlines: Cell<Vec<(Instant, u64)>>,
    /// What it ended with, until somebody takes it.
    pub(crate) output: Cell<Option<G::Output>>,
    /// The events that wait for their partners.
    pub(crate) partners: RefCell<G::Partners>,
}

/// The stream's items that have not gone to the reader yet.
pub(crate) struct Buffer<T> {
    pub(crate) items: VecDeque<T>,
    pub(crate) outlet: Outlet,
    capacity: usize,
    /// How many items were with the reader (in the outbox, or in the batch that it reads) when that
    /// was last looked at; by now it may be fewer.
    with_reader: usize,
    /// Grows when items are put, when the reader was seen to have taken some, and when a clause has
    /// come to another stage.
    moved: u32,
    /// There are items from outside that came before those to be put now, and found no room.
    pub(crate) overtaken: bool,
    pub(crate) blocked: Blocked,
}

/// Where items go.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Outlet {
    /// To whoever polls the execution.
    Here,
    /// To the handle, by the outbox.
    Outbox,
    /// Nobody reads.
    Nowhere,
}

impl<G: Graph> Local<G> {
    pub(crate) fn new(
        first: G::Activation,
        outlet: Outlet,
        capacity: usize,
        max_events: u64,
    ) -> Self {
        Self {
            queue: Queue::new(Some(first)),
            buffer: RefCell::new(Buffer {
                items: VecDeque::new(),
                outlet,
                capacity,
                with_reader: 0,
                moved: 0,
                overtaken: false,
                blocked: Blocked::default(),
            }),
            budget: Cell::new(BUDGET),
            // The first activation is no event.
            events_left: Cell::new(max_events.saturating_add(1)),
            max_events,
            running: Cell::new(0),
            run: Cell::new(Run::default()),
            span: Current::default(),
            parked: Cell::new(false),
            ending: OnceCell::new(),
            deadlines: Cell::default(),
            output: Cell::new(None),
            partners: RefCell::default(),
        }
    }

    /// Decides the end: nothing more is begun. The first ending counts.
    pub(crate) fn end(&self, ending: Ending) {
        if self.ending.set(ending).is_ok() {
            self.budget.set(0);
        }
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.ending.get().is_some()
    }

    /// What it has ended with, if it has ended well.
    pub(crate) fn take_output(&self) -> Result<G::Output, FlowError> {
        let output = self.output.take().or_else(G::run_out);
        output.ok_or_else(FlowError::unfinished)
    }

    /// Hands the items to whoever reads here, if it has read the batch before. Says how many of
    /// them may be left when somebody else is to be let go on.
    pub(crate) fn hand_over(&self, batch: &mut VecDeque<G::Item>) -> usize {
        let mut buffer = self.buffer.borrow_mut();
        if batch.is_empty() {
            std::mem::swap(batch, &mut buffer.items);
        }
        buffer.handed_over(batch.len());
        buffer.rest()
    }

    /// What has happened so far.
    pub(crate) fn progress(&self) -> Progress {
        let buffer = self.buffer.borrow();
        Progress {
            events_left: self.events_left.get(),
            moved: buffer.moved,
            blocked: buffer.somebody_waits(),
        }
    }

    /// Whether there are items for whoever polls the execution.
    pub(crate) fn has_items_here(&self) -> bool {
        let buffer = self.buffer.borrow();
        buffer.outlet == Outlet::Here && !buffer.items.is_empty()
    }

    /// Whether there is something left after the end for others to be told of, or to be dropped.
    #[inline]
    pub(crate) fn leaves_something(&self) -> bool {
        let buffer = self.buffer.borrow();
        buffer.outlet == Outlet::Outbox
            || !self.queue.is_empty()
            || !buffer.blocked.is_empty()
            || size_of::<G::Partners>() > 0
    }

    /// One unit of the budget is spent, if there is one.
    #[inline]
    pub(crate) fn spend(&self) {
        self.budget.set(self.budget.get().saturating_sub(1));
    }
}

impl<T> Buffer<T> {
    /// How many items there is room for.
    #[inline]
    pub(crate) fn room(&self) -> usize {
        self.capacity
            .saturating_sub(self.items.len() + self.with_reader)
    }

    /// So many items are with the reader now; no item came to it since the last look.
    pub(crate) fn note_reader(&mut self, unread: usize) {
        self.note_moved(usize::from(unread < self.with_reader));
        self.with_reader = unread;
    }

    /// So many items were put, or something else goes on.
    #[inline]
    pub(crate) fn note_moved(&mut self, items: usize) {
        self.moved = self.moved.wrapping_add(u32::from(items > 0));
    }

    /// All items were handed to the reader, which has so many now.
    pub(crate) fn handed_over(&mut self, unread: usize) {
        self.with_reader = unread;
    }

    /// Nothing is in it, and nobody waits for room.
    pub(crate) fn is_untouched(&self) -> bool {
        self.items.is_empty() && !self.somebody_waits()
    }

    /// Whether an item may be put now by somebody who has not waited.
    #[inline]
    pub(crate) fn takes_items(&self) -> bool {
        // Who came later does not overtake.
        self.room() > 0 && self.outlet != Outlet::Nowhere && !self.somebody_waits()
    }

    /// Whether anybody waits for room.
    #[inline]
    pub(crate) fn somebody_waits(&self) -> bool {
        self.overtaken || !self.blocked.is_empty()
    }

    /// Whether those who wait for room are worth waking: half a buffer of it is, less would wake
    /// them for each item.
    #[inline]
    pub(crate) fn has_much_room(&self) -> bool {
        (self.items.len() + self.with_reader) * 2 <= self.capacity
    }

    /// How many items may be left with the reader when those who wait are worth waking.
    fn rest(&self) -> usize {
        if self.somebody_waits() {
            (self.capacity / 2).saturating_sub(self.items.len())
        } else {
            0
        }
    }
}

/// A queue that needs no memory of its own while it holds one value, as it does in a loop.
pub(crate) struct Queue<T> {
    head: Cell<Option<T>>,
    /// Empty while `head` is.
    tail: RefCell<VecDeque<T>>,
    /// Includes the head.
    len: Cell<usize>,
}

impl<T> Queue<T> {
    fn new(head: Option<T>) -> Self {
        Self {
            len: Cell::new(usize::from(head.is_some())),
            head: Cell::new(head),
            tail: RefCell::default(),
        }
    }

    #[inline]
    pub(crate) fn push(&self, value: T) {
        let len = self.len.get();
        if len == 0 {
            self.head.set(Some(value));
        } else {
            self.tail.borrow_mut().push_back(value);
        }
        self.len.set(len + 1);
    }

    #[inline]
    pub(crate) fn pop(&self) -> Option<T> {
        let len = self.len.get();
        let head = self.head.take();
        if len > 1 {
            self.head.set(self.tail.borrow_mut().pop_front());
        }
        self.len.set(len.saturating_sub(1));
        head
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.len.get()
    }

    /// All of it, leaving the queue empty.
    pub(crate) fn take(&self) -> Self {
        Self {
            head: Cell::new(self.head.take()),
            tail: RefCell::new(self.tail.take()),
            len: Cell::new(self.len.take()),
        }
    }
}

/// Those who wait for room in the stream. They are all woken when half a buffer of it is free. Most
/// executions never have any.
#[derive(Default)]
pub(crate) struct Blocked(Option<Box<Round>>);

/// The time between two such moments.
#[derive(Default)]
struct Round {
    number: u64,
    wakers: Wakers,
}

/// Wakers, the first of which needs no memory of its own: mostly it is the only one.
#[derive(Default)]
#[must_use = "those who wait have to be woken, where nothing is borrowed"]
pub(crate) struct Wakers {
    first: Option<Waker>,
    others: Vec<Waker>,
}

impl Wakers {
    fn push(&mut self, waker: Waker) {
        if self.first.is_none() {
            self.first = Some(waker);
        } else {
            self.others.push(waker);
        }
    }

    pub(crate) fn append(&mut self, more: Self) {
        self.extend(more.first.into_iter().chain(more.others));
    }

    pub(crate) fn extend(&mut self, more: impl IntoIterator<Item = Waker>) {
        for waker in more {
            self.push(waker);
        }
    }

    fn get(&self, index: usize) -> Option<&Waker> {
        match index.checked_sub(1) {
            None => self.first.as_ref(),
            Some(index) => self.others.get(index),
        }
    }

    fn last(&self) -> Option<&Waker> {
        self.others.last().or(self.first.as_ref())
    }

    fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.others.len()
    }

    pub(crate) fn wake(self) {
        self.first
            .into_iter()
            .chain(self.others)
            .for_each(Waker::wake);
    }
}

/// A blocked `put`'s place: the round, and the index in it. It is a hint: a `put` may have moved
/// between the inside and the outside, whose rounds have nothing to do with each other.
pub(crate) type Place = (u64, usize);

impl Blocked {
    /// Takes a place, if this waker has none. Returns the waker if it was not needed, for it must not
    /// be dropped here.
    pub(crate) fn enter(&mut self, place: &mut Option<Place>, waker: Waker) -> Option<Waker> {
        let Round { number, wakers } = &mut **self.0.get_or_insert_default();
        let known = match *place {
            Some((round, index)) if round == *number => wakers.get(index),
            _ => wakers.last(),
        };
        if known.is_some_and(|known| known.will_wake(&waker)) {
            return Some(waker);
        }
        *place = Some((*number, wakers.len()));
        wakers.push(waker);
        None
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(|round| round.wakers.len() == 0)
    }

    /// All of them, to be woken.
    pub(crate) fn release(&mut self) -> Wakers {
        let Some(round) = &mut self.0 else {
            return Wakers::default();
        };
        round.number += 1;
        std::mem::take(&mut round.wakers)
    }
}

#[cfg(test)]
mod tests {
    use super::Queue;

    #[test]
    fn a_queue_keeps_its_order_however_pushes_and_pops_mix() {
        let queue = Queue::new(None);
        let (mut pushed, mut popped) = (0, 0);
        for round in 0..50_u32 {
            for _ in 0..round % 5 {
                queue.push(pushed);
                pushed += 1;
            }
            for _ in 0..round % 4 {
                if let Some(value) = queue.pop() {
                    assert_eq!(value, popped);
                    popped += 1;
                }
            }
        }
        while let Some(value) = queue.pop() {
            assert_eq!(value, popped);
            popped += 1;
        }
        assert!(queue.is_empty());
        assert_eq!(popped, pushed);
    }
}
